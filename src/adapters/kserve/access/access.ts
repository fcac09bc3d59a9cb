import type { TlsSettings } from '../../../net/dispatchers.ts';
import type { ClusterConfig, KserveConfig, KserveDeps } from '../config.ts';
import { createLibraryAccess } from './from-library.ts';

/** Where the API server is, and who we are there. */
export interface Access {
  /** Perhaps with a path: some products put many clusters behind one host. */
  readonly server: URL;
  /** Names lower-case; credentials among them. */
  readonly headers: Readonly<Record<string, string>>;
  readonly tls: TlsSettings;
}

/** Asked before each request, so that rotated credentials are picked up. */
export interface FindAccess {
  find(signal: AbortSignal): Promise<Access>;
  /** The server did not accept what was found last: whatever is remembered of it is forgotten. */
  forget(): void;
}

/** @throws (from `find`) UserError `cluster-credentials`, RetryableError, the signal's reason. */
export function createAccess(config: KserveConfig, deps: KserveDeps): FindAccess {
  const { cluster } = config;
  if (cluster.kind !== 'given') return createLibraryAccess(cluster, config.environment, deps);
  return { find: () => Promise.resolve(given(cluster)), forget: () => undefined };
}

function given({ url, token, ca }: Extract<ClusterConfig, { kind: 'given' }>): Access {
  return {
    server: new URL(url),
    headers: token === undefined ? {} : { authorization: `Bearer ${token()}` },
    tls: { ca },
  };
}
