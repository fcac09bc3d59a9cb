import type { PauseSwitch } from '../ports/operations.ts';
import type { ReleaseStore } from '../ports/release-store.ts';
import { setComment } from '../gate/sticky-comment.ts';
import type { GateDeps } from '../gate/deps.ts';
import { AbortError } from '../errors.ts';
import type { ReleaseDeps } from '../release/world.ts';
import { driveLine } from '../release/drive-line.ts';
import type { JobDeps } from '../jobs/table.ts';
import { lineAddress, releaseAddress } from '../report/page/addresses.ts';
import { ruleIds } from '../rules/index.ts';
import type { Foundation } from './foundation.ts';
import { createModelStores } from './model-stores.ts';
import { createPipelinesOf } from './pipelines.ts';
import { createServings } from './serving.ts';
import type { Timing } from './timing.ts';

/** What releasing needs beside what judging has. */
export interface ReleaseSetup {
  readonly gate: GateDeps;
  readonly releases: ReleaseStore;
  readonly pauseSwitch: PauseSwitch;
  readonly publicUrl: string;
  readonly timing: Pick<Timing, 'requests' | 'release'>;
}

/** Drives the line that a job names. */
export function releaseJob(foundation: Foundation, setup: ReleaseSetup): JobDeps['release'] {
  const deps = releaseDeps(foundation, setup);
  return (job, signal) => driveLine(job, deps, signal);
}

/** Opens what releases reach; the clients of an environment are made when one needs them, and kept. */
export function releaseDeps(foundation: Foundation, setup: ReleaseSetup): ReleaseDeps {
  const { config } = foundation;
  const { gate, releases, pauseSwitch, publicUrl, timing } = setup;
  const base = publicUrl.replace(/\/+$/, '');
  const { hosts, snapshots, store: runs, limits, clock, log, telemetry, disclose, instance } = gate;
  return {
    hosts,
    snapshots,
    environments: gate.environments,
    pipelines: createPipelinesOf(foundation, timing.requests),
    serving: createServings(foundation, timing.requests),
    models: createModelStores(foundation, timing.requests),
    runs,
    releases,
    reporting: {
      releaseUrl: (id) => `${base}${releaseAddress(id)}`,
      lineUrl: (line) => `${base}${lineAddress(line)}`,
      disclose,
      runUrl: (environment, id) => runUrlOf(config.environments[environment]?.kubeflow?.ui, id),
      setComment: ({ comments }, wanted, signal) =>
        setComment({ comments, instance: `${instance} production` }, wanted, signal),
    },
    permit: async () => {
      if ((await pauseSwitch.current()) !== undefined) throw new AbortError('paused');
    },
    limits,
    ruleIds,
    timing: timing.release,
    clock,
    log,
    telemetry,
  };
}

/** The page of a run in the pages of Kubeflow Pipelines. */
export function runUrlOf(ui: string | undefined, serverRunId: string): string | undefined {
  if (ui === undefined) return undefined;
  return `${ui.replace(/\/+$/, '')}/#/runs/details/${encodeURIComponent(serverRunId)}`;
}
