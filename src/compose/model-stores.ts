import { createModelStore } from '../adapters/object-store/model-store.ts';
import { createWriteMemory } from '../adapters/object-store/s3/write-rules.ts';
import { readTextLater } from '../adapters/system/read-text.ts';
import type { EnvironmentConfig } from '../config/config.ts';
import { repositoryMatcher } from '../domain/repository-pattern.ts';
import type { Repository } from '../domain/repository.ts';
import { UserError } from '../errors.ts';
import type { Timeouts } from '../net/request.ts';
import type { ModelStore } from '../ports/model-store.ts';
import type { Foundation } from './foundation.ts';
import { toBinding } from './stores.ts';

/** Opens what an environment may reach for a repository. @throws UserError `environment-not-bound` */
export type ModelStores = (environment: string, repository: Repository) => ModelStore;

/**
 * The stores of environments: their own, which may be written to below `publish`, and the data remotes of the
 * repository, which are read only. Of two with one url the environment's own counts.
 */
export function createModelStores(
  foundation: Pick<Foundation, 'config' | 'clock' | 'dispatchers' | 'log' | 'surroundings'>,
  timeouts: Timeouts | undefined,
): ModelStores {
  const { config, clock, dispatchers, log, surroundings } = foundation;
  const deps = {
    clock,
    dispatchers,
    log,
    random: Math.random,
    env: surroundings.env,
    home: surroundings.home,
    readFile: readTextLater,
    writeMemory: createWriteMemory(log),
  };
  return (name, repository) => {
    const environment = environmentOf(config.environments, name, repository);
    const remotes = config.remotes.filter(({ repositories }) =>
      repositoryMatcher(repositories)(repository.path),
    );
    const places = [
      ...[...environment.stores, ...unnamedPlaces(environment)].map((row) => ({
        ...toBinding(row),
        timeouts,
      })),
      ...remotes.map((row) => ({ ...toBinding(row), timeouts, readOnly: true })),
    ];
    return createModelStore({ places, publish: environment.publish }, deps);
  };
}

/** Where models and manifests belong, as far as no store of the environment says how that is asked. */
function unnamedPlaces({ stores, publish, handover }: EnvironmentConfig): readonly StoreConfig[] {
  const isNamed = (url: string): boolean =>
    stores.some((store) => withSlash(url).startsWith(withSlash(store.url)));
  return [publish, handover]
    .filter((url) => url !== undefined)
    .filter((url) => !isNamed(url))
    .map((url) => ({ url, credentials: 'default' }));
}

type StoreConfig = EnvironmentConfig['stores'][number];

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}

function environmentOf(
  environments: Readonly<Record<string, EnvironmentConfig>>,
  name: string,
  { path }: Repository,
): EnvironmentConfig {
  const environment = Object.hasOwn(environments, name) ? environments[name] : undefined;
  if (environment !== undefined && repositoryMatcher(environment.repositories)(path)) return environment;
  throw new UserError(
    'environment-not-bound',
    `the server's configuration has no environment ${JSON.stringify(name)} for ${path}`,
    'Name an environment of the server in `production.environment`, or add the repository to `repositories:` of the environment',
  );
}
