import { z } from 'zod';
import type { Fields } from './fields.ts';
import { choice, httpUrl, identifier, namePattern, region, remoteUrl, repositoryPattern } from './kinds.ts';

/** One Git host. */
export function host(f: Fields) {
  return z.strictObject({
    id: f.required(identifier(40), {
      about: 'Our name of the host; part of stored keys, so keep it.',
      example: 'corp',
    }),
    kind: f.required(choice('gitlab'), { about: 'The kind of host.', example: 'gitlab' }),
    url: f.required(httpUrl, {
      about: 'Address of the host, with its path prefix if it has one.',
      example: 'https://gitlab.example.com',
    }),
    token: f.secret({
      about:
        'Access token with the scope `api`, role Developer or higher. Its user is a member of every repository that is served: the sweep walks memberships alone, without archived ones.',
    }),
    webhookSecrets: z
      .array(f.secret({ about: 'A secret of the webhook: signing token or secret token.' }), {
        error: 'expected a list of secrets, for example ["file:/run/secrets/hook"]',
      })
      .min(1, 'is empty; expected at least one secret, for example ["file:/run/secrets/hook"]')
      .describe(
        'What deliveries are verified with: any of them counts, so that a secret can be rotated. The old value of a file that changed counts for one more second.',
      ),
    repositories: repositories(f, 'Repositories that are served; events of others are ignored.'),
    ca: f.certificates('Certificates to trust instead of the built-in ones.'),
  });
}

/** Stored keys and addresses name a host by its id. */
export function differentIds(hosts: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  for (const [index, { id }] of hosts.entries()) {
    if (hosts.findIndex((host) => host.id === id) === index) continue;
    context.addIssue({
      code: 'custom',
      path: [index, 'id'],
      message: `is the id of another host too ("${id}"); expected one for each`,
    });
  }
}

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

function repositories(f: Fields, about: string) {
  return z
    .array(f.required(repositoryPattern, { about: 'A path pattern.', example: 'ml/*' }), {
      error: 'expected a list of path patterns, for example ["ml/*"]',
    })
    .min(1, 'is empty; expected at least one path pattern, for example ["ml/*"]')
    .describe(about)
    .meta({ examples: [['ml/*']] });
}
