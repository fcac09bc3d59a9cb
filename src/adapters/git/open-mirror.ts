import { join } from 'node:path';
import type { Repository } from '../../domain/repository.ts';
import { UserError } from '../../errors.ts';
import { hardenedConfig, serverEnvironment } from './hardening.ts';
import type { ConfigPairs } from './hardening.ts';
import { createGit } from './run-git.ts';
import type { Git } from './run-git.ts';
import { secretsOf } from './scrub.ts';

/** How a repository is reached; nothing of it is written to disk or shown in an argument list. */
export interface MirrorAccess {
  /** http, https or file, without user name and password. */
  readonly url: string;
  /** The whole value of the `Authorization` header; undefined for anonymous reading. */
  readonly authorization: string | undefined;
  /** Certificates of a private authority. */
  readonly caFile?: string | undefined;
}

/** One mirror's directory and the ways to run git in it. */
export interface Mirror {
  readonly directory: string;
  /** Without promisor: it never fetches. */
  readonly local: Git;
  /** With remote, promisor and credentials as they are at this moment. */
  readonly network: () => Promise<{ readonly git: Git; readonly remote: string }>;
}

/** What a mirror is opened with. */
export interface OpenMirrorConfig {
  readonly directory: string;
  access(repository: Repository): MirrorAccess | undefined | Promise<MirrorAccess | undefined>;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The mirror of a repository; its directory need not exist yet. */
export function openMirror(config: OpenMirrorConfig, repository: Repository): Mirror {
  const name = `${encodeURIComponent(repository.host)}-${encodeURIComponent(repository.id)}.git`;
  const directory = join(config.directory, name);
  const environment = { ...serverEnvironment(config.environment), GIT_DIR: directory };
  const place = { directory: config.directory, environment };
  return {
    directory,
    local: createGit({ ...place, config: hardenedConfig, secrets: [] }),
    async network() {
      const access = await config.access(repository);
      if (access === undefined) {
        throw new UserError(
          'repository-not-configured',
          `No host of the configuration serves ${repository.path}.`,
          'Add the repository to `hosts[].repositories` of the server configuration.',
        );
      }
      const pairs = [...hardenedConfig, ...accessConfig(access)];
      const git = createGit({ ...place, config: pairs, secrets: secretsOf(access.authorization) });
      return { git, remote: 'origin' };
    },
  };
}

/** The remote as configuration: the header goes to exactly this origin (specs git-hosts 4.3). */
function accessConfig(access: MirrorAccess): ConfigPairs {
  const url = new URL(access.url);
  if (url.username !== '' || url.password !== '')
    throw new TypeError('an access url must not carry credentials');
  const pairs: [string, string][] = [
    [`protocol.${url.protocol.slice(0, -1)}.allow`, 'always'],
    ['remote.origin.url', access.url],
    ['remote.origin.promisor', 'true'],
    ['remote.origin.partialclonefilter', 'blob:none'],
  ];
  if (access.authorization !== undefined) {
    pairs.push([`http.${url.origin}/.extraHeader`, `Authorization: ${access.authorization}`]);
  }
  if (access.caFile !== undefined) pairs.push([`http.${url.origin}/.sslCAInfo`, access.caFile]);
  return pairs;
}
