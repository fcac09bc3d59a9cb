import type { Keys } from '../adapters/redis/keys.ts';
import type { Redis } from '../adapters/redis/connect.ts';
import { createReleaseStore } from '../adapters/redis/release-store.ts';
import type { Config } from '../config/config.ts';
import type { ReleasePageDeps } from '../http/pages/page-deps.ts';
import type { ReleaseStanding } from '../http/probes.ts';
import type { Audit } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Queue } from '../ports/queue.ts';
import type { ReleaseOperations } from '../ports/release-operations.ts';
import type { ReleaseStore } from '../ports/release-store.ts';
import { createReleaseOperations } from '../release/operate/operations.ts';

/** Releases in Redis, and what people do about them. */
export function composeReleases(
  { redis, keys }: { readonly redis: Redis; readonly keys: Keys },
  deps: { readonly queue: Pick<Queue, 'poke'>; readonly audit: Audit; readonly clock: Clock },
): { readonly store: ReleaseStore; readonly operations: ReleaseOperations } {
  const store = createReleaseStore(redis, keys);
  return { store, operations: createReleaseOperations({ store, ...deps }) };
}

/** The page of a run in Kubeflow, as the configuration says how people open it; the adapter of Kubeflow is not needed for it. */
export function runUrls({ environments }: Pick<Config, 'environments'>): ReleasePageDeps['runUrl'] {
  return (environment, serverRunId) => {
    const row = Object.hasOwn(environments, environment) ? environments[environment] : undefined;
    const ui = row?.kubeflow?.ui;
    if (ui === undefined) return undefined;
    return `${ui.replace(/\/+$/, '')}/#/runs/details/${encodeURIComponent(serverRunId)}`;
  };
}

/** What `/metrics` tells of releases. */
export async function releaseStanding(
  operations: Pick<ReleaseOperations, 'lines' | 'held'>,
): Promise<ReleaseStanding> {
  const [lines, held] = await Promise.all([operations.lines(), operations.held()]);
  return { lines, held: held.length };
}
