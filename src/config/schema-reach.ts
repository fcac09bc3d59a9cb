import { z } from 'zod';
import type { Fields } from './fields.ts';
import { choice, httpUrl, identifier, namePattern, region, remoteUrl } from './kinds.ts';
import { repositories } from './schema-hosts.ts';

/** One data remote, or a part of it. */
export function remote(f: Fields) {
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
  return z.strictObject({
    url: f.required(remoteUrl, {
      about:
        'The remote, or a part of it: bucket and path prefix up to a slash. This version reads S3 (`s3://…`) and directories (an absolute path); data on any other remote stays undecided.',
      example: 's3://team-data/dvc/',
    }),
    repositories: repositories(f, 'Repositories whose data may be looked up there.'),
    endpoint: f.optional(httpUrl, {
      about: 'Address of an S3-compatible store.',
      example: 'https://s3.eu-central-1.amazonaws.com',
    }),
    region: f.optional(region, { about: 'Region of the bucket.', example: 'eu-central-1' }),
    credentials: z
      .union([ambient, keys])
      .prefault('default')
      .describe(
        '`default`: what the environment offers (variables, roles, instance); `anonymous`: none; or a pair of keys. Reading is enough.',
      ),
    ca: f.certificates('Certificates to trust instead of the built-in ones.'),
  });
}

/** One production target. */
export function environment(f: Fields) {
  return z.strictObject({
    repositories: repositories(f, 'Repositories whose policy may name this environment.'),
    kubeflow: z
      .strictObject({
        url: f.required(httpUrl, {
          about: 'Address of the Kubeflow Pipelines API.',
          example: 'http://ml-pipeline.kubeflow:8888',
        }),
        namespace: f.required(identifier(63), { about: 'Namespace that runs belong to.', example: 'ml' }),
        serviceAccount: f.optional(identifier(253), {
          about: 'Service account that runs work as.',
          example: 'pipeline-runner',
        }),
      })
      .optional()
      .describe('Where production pipelines run.'),
    kserve: z
      .strictObject({
        namespace: f.required(identifier(63), {
          about: 'Namespace of the InferenceServices.',
          example: 'serving',
        }),
        services: z
          .array(
            f.required(namePattern, { about: 'Name pattern of an InferenceService.', example: 'auto-*' }),
          )
          .min(1, 'is empty; expected at least one name pattern, for example ["auto-*"]')
          .describe('InferenceServices that may be changed.'),
      })
      .optional()
      .describe('Where models are rolled out.'),
    publish: f.optional(remoteUrl, {
      about: 'Prefix that models are published below.',
      example: 's3://models/serving/',
    }),
    prometheus: f.optional(httpUrl, { about: 'Address of Prometheus.', example: 'http://prometheus:9090' }),
  });
}
