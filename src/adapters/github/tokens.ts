import { createPrivateKey } from 'node:crypto';
import type { createAppAuth } from '@octokit/auth-app';
import type { Octokit } from '@octokit/core';
import { UserError } from '../../errors.ts';

/** An App: its numeric id, and its private key, asked for each time so that it can be rotated. */
export interface AppCredentials {
  readonly kind: 'app';
  readonly id: number;
  readonly privateKey: () => string;
}

/** The lite variant: the token of a user. */
export interface TokenCredentials {
  readonly kind: 'token';
  readonly token: () => string;
}

/** Who we are on a GitHub. */
export type GithubCredentials = AppCredentials | TokenCredentials;

/** On whose behalf a request is made, and how little it may: one repository, and what the purpose needs. */
export type Authority =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly installationId: number }
  | {
      readonly kind: 'repository';
      readonly installationId: number | undefined;
      readonly repositoryId: number;
      readonly purpose: Purpose;
    };

/** What a token of a repository is for. */
export type Purpose = 'git' | 'read' | 'write' | 'release';

/** The permissions of each purpose (specs git-hosts 4.1): never more than one needs; docs/github.md lists them all. */
export const tokenPermissions: Readonly<Record<Purpose, Readonly<Record<string, string>>>> = {
  git: { metadata: 'read', contents: 'read' },
  read: { metadata: 'read', contents: 'read', pull_requests: 'read' },
  write: { metadata: 'read', checks: 'write', pull_requests: 'write' },
  release: { metadata: 'read', deployments: 'write' },
};

/** Gives the value of the `authorization` header. `fresh`: not the remembered token, because it was refused. */
export type Authorise = (authority: Authority, fresh: boolean) => Promise<string>;

/**
 * Tokens of an App, narrowed and remembered for their hour by @octokit/auth-app; or the one token of a user. The library is
 * loaded with the first token, because processes start that never want one.
 */
export function createAuthorise(credentials: GithubCredentials, request: Octokit['request']): Authorise {
  if (credentials.kind === 'token') return async () => `token ${credentials.token()}`;
  let known: { readonly key: string; readonly auth: Promise<ReturnType<typeof createAppAuth>> } | undefined;
  return async (authority, fresh) => {
    const key = credentials.privateKey();
    if (known?.key !== key) {
      checkKey(key);
      const settings = { appId: credentials.id, privateKey: key, request };
      known = { key, auth: import('@octokit/auth-app').then((library) => library.createAppAuth(settings)) };
    }
    const auth = await known.auth;
    if (authority.kind === 'app') return `bearer ${(await auth({ type: 'app' })).token}`;
    const narrowed =
      authority.kind === 'installation'
        ? { permissions: { metadata: 'read' } }
        : { repositoryIds: [authority.repositoryId], permissions: tokenPermissions[authority.purpose] };
    const wanted = {
      type: 'installation',
      installationId: authority.installationId ?? 0,
      refresh: fresh,
      ...narrowed,
    } as const;
    return `token ${(await auth(wanted)).token}`;
  };
}

/** What the library throws for a key that is none would name nothing; nor does this quote it. */
function checkKey(pem: string): void {
  try {
    createPrivateKey(pem);
  } catch {
    const message = 'the private key of the GitHub App is no private key in PEM';
    const remedy =
      'Set app.privateKey to the whole file that GitHub gave you, from its BEGIN line to its END line.';
    throw new UserError('host-unauthorised', message, remedy);
  }
}
