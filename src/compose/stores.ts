import { createBoundStores, type Binding } from '../adapters/object-store/open-bound-stores.ts';
import { createTrust, defaultTrust, trustingStores } from '../adapters/object-store/trusting.ts';
import { readTextLater } from '../adapters/system/read-text.ts';
import type { Timeouts } from '../net/request.ts';
import type { RemoteConfig } from '../config/config.ts';
import { repositoryMatcher } from '../domain/repository-pattern.ts';
import type { Repository } from '../domain/repository.ts';
import type { Subject } from '../domain/subject.ts';
import type { ObjectStores } from '../ports/object-store.ts';
import type { Foundation } from './foundation.ts';

/**
 * The data remotes that the configuration binds to a repository; what was found there is trusted for an hour, but not for a
 * branch: its tip is judged to be released.
 */
export function createStores(
  foundation: Foundation,
  timeouts: Timeouts | undefined,
): (repository: Repository, about: Subject['kind']) => ObjectStores {
  const { config, clock, dispatchers, surroundings } = foundation;
  const trust = createTrust({ clock, ...defaultTrust });
  const deps = {
    clock,
    dispatchers,
    random: Math.random,
    env: surroundings.env,
    home: surroundings.home,
    readFile: readTextLater,
  };
  return (repository, about) => {
    const rows = config.remotes.filter((remote) => repositoryMatcher(remote.repositories)(repository.path));
    const stores = createBoundStores(
      rows.map((row) => ({ ...toBinding(row), timeouts })),
      deps,
    );
    if (about === 'branch') return stores;
    return trustingStores(stores, trust, `${repository.host}/${repository.id}`);
  };
}

/** A row of the configuration with its secrets as they are now. */
export function toBinding(remote: Omit<RemoteConfig, 'repositories'>): Binding {
  const { url, endpoint, region, ca, credentials } = remote;
  if (typeof credentials === 'string') return { url, endpoint, region, ca, credentials };
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const keys = {
    accessKeyId: accessKeyId(),
    secretAccessKey: secretAccessKey(),
    sessionToken: sessionToken?.(),
  };
  return { url, endpoint, region, ca, credentials: keys };
}
