import { z } from 'zod';
import type { Fields } from './fields.ts';
import { githubUrl, httpUrl, identifier, repositoryPattern, wholeNumber } from './kinds.ts';

/** One Git host. */
export function host(f: Fields) {
  return z.discriminatedUnion('kind', [gitlab(f), github(f)], {
    error: 'expected a host with kind: gitlab or kind: github',
  });
}

function gitlab(f: Fields) {
  return z.strictObject({
    kind: z.literal('gitlab').describe('The kind of host: GitLab.'),
    ...common(f),
    url: f.required(httpUrl, {
      about: 'Address of the host, with its path prefix if it has one.',
      example: 'https://gitlab.example.com',
    }),
    token: f.secret({
      about:
        'Access token with the scope `api`, role Developer or higher. Its user is a member of every repository that is served: the sweep walks memberships alone, without archived ones.',
    }),
  });
}

function github(f: Fields) {
  return z
    .strictObject({
      kind: z.literal('github').describe('The kind of host: GitHub, or a GitHub Enterprise Server.'),
      ...common(f),
      url: f.withDefault(githubUrl, 'https://github.com', {
        about: 'Address of the host as people open it; of an Enterprise Server without `/api/v3`.',
      }),
      app: z
        .strictObject({
          id: f.required(wholeNumber(1, 999_999_999_999), {
            about: 'The App ID, a number.',
            example: 123456,
          }),
          privateKey: f.secret({ about: 'The private key of the App, a PEM file.' }),
        })
        .optional()
        .describe('The GitHub App that we are: with checks, annotations, buttons and merge queues.'),
      token: f
        .secret({
          about:
            'The lite variant, instead of `app`: a token of a user. Statuses without annotations and buttons, and `repositories` without patterns.',
        })
        .optional(),
    })
    .superRefine(oneIdentity);
}

function common(f: Fields) {
  return {
    id: f.required(identifier(40), {
      about: 'Our name of the host; part of stored keys, so keep it.',
      example: 'corp',
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
  };
}

/** Path patterns of repositories. */
export function repositories(f: Fields, about: string) {
  return z
    .array(f.required(repositoryPattern, { about: 'A path pattern.', example: 'ml/*' }), {
      error: 'expected a list of path patterns, for example ["ml/*"]',
    })
    .min(1, 'is empty; expected at least one path pattern, for example ["ml/*"]')
    .describe(about)
    .meta({ examples: [['ml/*']] });
}

/** Stored keys and addresses name a host by its id. */
export function differentIds(hosts: readonly { readonly id: string }[], context: z.RefinementCtx): void {
  for (const [index, { id }] of hosts.entries()) {
    if (hosts.findIndex((other) => other.id === id) === index) continue;
    context.addIssue({
      code: 'custom',
      path: [index, 'id'],
      message: `is the id of another host too ("${id}"); expected one for each`,
    });
  }
}

/** An App and a token write under different names; and a token is asked about repositories one by one. */
function oneIdentity(
  host: { readonly app?: unknown; readonly token?: unknown; readonly repositories: readonly string[] },
  context: z.RefinementCtx,
): void {
  const { app, token } = host;
  if ((app === undefined) === (token === undefined)) {
    const message =
      app === undefined
        ? 'has neither app nor token; expected app with id and privateKey, or token'
        : 'has app and token; expected one of them';
    context.addIssue({ code: 'custom', path: [], message });
  }
  if (token === undefined) return;
  for (const [index, pattern] of host.repositories.entries()) {
    if (/^[^/*]+\/[^/*]+$/.test(pattern)) continue;
    const message = `"${pattern}" is no path of one repository; with token, expected paths such as acme/model (patterns need app)`;
    context.addIssue({ code: 'custom', path: ['repositories', index], message });
  }
}
