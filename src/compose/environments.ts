import type { Config, EnvironmentConfig } from '../config/config.ts';
import type { Environment } from '../domain/environment.ts';
import { matchesGlob } from '../domain/glob.ts';
import { repositoryMatcher } from '../domain/repository-pattern.ts';

/** The production targets of the configuration, by name. */
export function createEnvironments({ environments }: Config): ReadonlyMap<string, Environment> {
  return new Map(Object.entries(environments).map(([name, config]) => [name, environmentOf(name, config)]));
}

function environmentOf(name: string, config: EnvironmentConfig): Environment {
  const { repositories, branches, releasesPerDay, kubeflow, kserve, publish } = config;
  const place = withSlash(publish);
  return {
    name,
    serves: repositoryMatcher(repositories),
    names: (branch) => branches.some((pattern) => matchesGlob(branch, pattern)),
    releasesPerDay,
    trains: kubeflow !== undefined,
    publish: place,
    handover: withSlash(config.handover) ?? (place && `${place}handover/`),
    mayChange: kserve && ((service) => kserve.services.some((pattern) => matchesGlob(service, pattern))),
  };
}

function withSlash(url: string | undefined): string | undefined {
  return url === undefined || url.endsWith('/') ? url : `${url}/`;
}
