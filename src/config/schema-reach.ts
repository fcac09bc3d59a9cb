import { z } from 'zod';
import type { Fields } from './fields.ts';
import { choice, httpUrl, region, remoteUrl } from './kinds.ts';
import { repositories } from './schema-hosts.ts';

/** One data remote, or a part of it. */
export function remote(f: Fields) {
  return z.strictObject({
    url: f.required(remoteUrl, {
      about:
        'The remote, or a part of it: bucket and path prefix up to a slash. This version reads S3 (`s3://…`) and directories (an absolute path); data on any other remote stays undecided.',
      example: 's3://team-data/dvc/',
    }),
    repositories: repositories(f, 'Repositories whose data may be looked up there.'),
    ...reach(f, 'Reading is enough.'),
  });
}

/** How a store is asked; `enough` says which rights it takes. */
export function reach(f: Fields, enough: string) {
  const keys = z.strictObject({
    accessKeyId: f.secret({ about: 'Access key.' }),
    secretAccessKey: f.secret({ about: 'Secret key.' }),
    sessionToken: f.secret({ about: 'Session token of temporary keys.' }).optional(),
  });
  const expected = 'default, anonymous, or the group accessKeyId, secretAccessKey, sessionToken';
  const ambient = f.required(
    { ...choice('default', 'anonymous'), expected },
    { about: 'How the store is asked.', example: 'default' },
  );
  return {
    endpoint: f.optional(httpUrl, {
      about: 'Address of an S3-compatible store.',
      example: 'https://s3.eu-central-1.amazonaws.com',
    }),
    region: f.optional(region, { about: 'Region of the bucket.', example: 'eu-central-1' }),
    credentials: z
      .union([ambient, keys])
      .prefault('default')
      .describe(
        `\`default\`: what the environment offers (variables, roles, instance); \`anonymous\`: none; or a pair of keys. ${enough}`,
      ),
    ca: f.certificates('Certificates to trust instead of the built-in ones.'),
  };
}
