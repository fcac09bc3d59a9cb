import path from 'node:path';

import { redactUrl } from '../../domain/redact-url.ts';
import type { DataRemote, ObjectStores } from '../../ports/object-store.ts';
import { createLocalStore } from './local.ts';
import type { S3Deps } from './s3/config.ts';
import { s3ConfigOf } from './s3/settings.ts';
import type { SettingsDeps } from './s3/settings.ts';
import { createS3Store } from './s3/store.ts';
import { schemeOf, unsupportedScheme } from './scheme.ts';

/** `directory` is the project: relative urls count from it. */
export type LocalStoresDeps = S3Deps & SettingsDeps;

/** Data remotes as DVC on this machine would reach them: the remote's own settings, then the AWS files and variables. */
export function createLocalStores(deps: LocalStoresDeps): ObjectStores {
  return {
    open(remote) {
      const scheme = schemeOf(remote.url);
      if (scheme === '')
        return { kind: 'open', store: createLocalStore({ directory: directoryOf(remote.url, deps) }) };
      return scheme === 's3' ? openS3(remote, deps) : unsupportedScheme(scheme, remote);
    },
  };
}

function openS3(remote: DataRemote, deps: LocalStoresDeps): ReturnType<ObjectStores['open']> {
  const config = s3ConfigOf(remote, deps);
  if (typeof config !== 'string') return { kind: 'open', store: createS3Store(config, deps) };
  const message = `remote ${remote.name} (${redactUrl(remote.url)}): ${config}`;
  return {
    kind: 'unsupported',
    message,
    remedy: `\`dvc remote modify ${remote.name} …\` changes its settings`,
  };
}

function directoryOf(url: string, deps: LocalStoresDeps): string {
  if (url === '~' || url.startsWith('~/')) return path.join(deps.home, url.slice(1));
  return path.resolve(deps.directory, url);
}
