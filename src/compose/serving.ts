import type { ClusterConfig } from '../adapters/kserve/config.ts';
import { createServing } from '../adapters/kserve/serving.ts';
import type { EnvironmentConfig } from '../config/config.ts';
import type { Timeouts } from '../net/request.ts';
import type { Serving } from '../ports/serving.ts';
import type { Foundation } from './foundation.ts';

/** The KServe of each environment; undefined: there is no such environment, or models are not rolled out there. */
export function createServings(
  foundation: Pick<Foundation, 'config' | 'secrets' | 'clock' | 'dispatchers' | 'surroundings'>,
  timeouts?: Timeouts,
): (environment: string) => Serving | undefined {
  const { config, secrets, clock, dispatchers, surroundings } = foundation;
  const deps = {
    clock,
    dispatchers,
    env: surroundings.env,
    addSecret: (value: string) => secrets.add(value),
  };
  const made = new Map<string, Serving>();
  return (environment) => {
    const kserve = Object.hasOwn(config.environments, environment)
      ? config.environments[environment]?.kserve
      : undefined;
    if (kserve === undefined) return undefined;
    const { namespace, services, serviceAccount, gateway } = kserve;
    const cluster = clusterOf(kserve);
    const settings = { environment, cluster, namespace, services, serviceAccount, gateway, timeouts };
    const serving = made.get(environment) ?? createServing(settings, deps);
    made.set(environment, serving);
    return serving;
  };
}

/** `cluster` is the more exact one, should both be given. */
function clusterOf({ cluster, kubeconfig }: NonNullable<EnvironmentConfig['kserve']>): ClusterConfig {
  if (cluster !== undefined) return { kind: 'given', url: cluster.url, token: cluster.token, ca: cluster.ca };
  return kubeconfig === undefined ? { kind: 'in-cluster' } : { kind: 'kubeconfig', path: kubeconfig };
}
