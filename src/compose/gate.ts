import { createMirrors, defaultMirrorLimits } from '../adapters/git/mirror.ts';
import type { GateDeps } from '../gate/deps.ts';
import type { PauseSwitch } from '../ports/operations.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { repositoryAddress } from '../report/page/addresses.ts';
import { createEnvironments } from './environments.ts';
import type { Foundation } from './foundation.ts';
import { createGitAccess } from './git-access.ts';
import { guardHost } from './guarded-host.ts';
import { connectHosts } from './hosts.ts';
import { observeRequests } from './observe-requests.ts';
import { createStores } from './stores.ts';
import type { Timing } from './timing.ts';

/** What judging needs, behind the ports that the configuration asks for. */
export function gateDeps(
  foundation: Foundation,
  options: {
    readonly publicUrl: string;
    readonly cache: string;
    readonly store: GateDeps['store'];
    readonly releases: GateDeps['releases'];
    readonly timing: Pick<Timing, 'retries' | 'requests'>;
    readonly pauseSwitch: PauseSwitch;
    readonly telemetry: Telemetry;
  },
): GateDeps {
  const { publicUrl, cache, store, timing, telemetry } = options;
  const { config, log, clock } = foundation;
  const base = publicUrl.replace(/\/+$/, '');
  const connected = connectHosts(foundation, timing.requests, observeRequests(telemetry));
  return {
    hosts: new Map([...connected].map(([id, { host }]) => [id, guardHost(host, options)])),
    snapshots: createMirrors({
      directory: cache,
      access: createGitAccess(foundation, connected, cache),
      limits: { ...defaultMirrorLimits, diskBytes: config.gate.cacheBytes },
      log,
      clock,
      environment: foundation.surroundings.env,
    }),
    stores: createStores(foundation, timing.requests),
    environments: createEnvironments(config),
    releases: options.releases,
    store,
    clock,
    log,
    limits: config.limits,
    looks: config.recheck,
    retries: timing.retries,
    disclose: config.report.disclose,
    instance: config.redis.prefix,
    runUrl: (id) => `${base}/runs/${id}`,
    repositoryUrl: (repository) => `${base}${repositoryAddress(repository)}`,
    telemetry,
  };
}
