import { createKfpPipelines } from '../../../src/adapters/kfp/index.ts';
import { createServing } from '../../../src/adapters/kserve/serving.ts';
import { createModelStore } from '../../../src/adapters/object-store/model-store.ts';
import { createWriteMemory } from '../../../src/adapters/object-store/s3/write-rules.ts';
import type { Environment } from '../../../src/domain/environment.ts';
import type { GateDeps } from '../../../src/gate/deps.ts';
import { defaultRetries } from '../../../src/gate/follow-ups.ts';
import { setComment } from '../../../src/gate/sticky-comment.ts';
import type { JobDeps } from '../../../src/jobs/table.ts';
import { defaultLimits } from '../../../src/limits.ts';
import type { Dispatchers } from '../../../src/net/dispatchers.ts';
import type { Queue } from '../../../src/ports/queue.ts';
import { driveLine } from '../../../src/release/drive-line.ts';
import { defaultReleaseTiming, type ReleaseDeps } from '../../../src/release/world.ts';
import { ruleIds } from '../../../src/rules/index.ts';
import type { Log } from '../../../src/log.ts';
import type { MemoryReleases } from '../memory-releases.ts';
import type { MemoryRuns } from '../memory-runs.ts';
import { createMemoryStores } from '../memory-store.ts';
import { faulty, type Mishap } from './faulty.ts';
import type { MemoryBranch } from './memory-branch.ts';
import type { Platform } from './platform.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What outlives the process, and what it is made of. */
export interface ServiceParts {
  readonly branch: MemoryBranch;
  readonly platform: Platform;
  readonly runs: MemoryRuns;
  readonly releases: MemoryReleases;
  readonly clock: VirtualClock;
  readonly dispatchers: Dispatchers;
  readonly queue: Queue;
  readonly log: Log;
  /** What happens to a call of a port. */
  readonly mishapOf: (call: string) => Mishap;
}

export const environment: Environment = {
  name: 'prod',
  serves: () => true,
  names: () => false,
  releasesPerDay: 100,
  trains: true,
  publish: 's3://models/serving/',
  handover: 's3://runs/handover/',
  mayChange: () => true,
};

const credentials = 'anonymous' as const;

/** The process as it starts: nothing in it is older than that. Every port may go wrong. */
export function startService(parts: ServiceParts): JobDeps & { readonly queue: Queue } {
  const { branch, clock, mishapOf, log } = parts;
  const host = {
    ...branch.host,
    changes: faulty(branch.host.changes, 'changes', mishapOf),
    production: faulty(branch.host.production, 'production', mishapOf),
    comments: faulty(branch.host.comments, 'comments', mishapOf),
  };
  const runs = faulty(parts.runs, 'runs', mishapOf);
  const releases = { ...faulty(parts.releases, 'releases', mishapOf), list: parts.releases.list };
  const gate: GateDeps = {
    hosts: new Map([[host.id, host]]),
    snapshots: faulty(branch.snapshots, 'snapshots', mishapOf),
    stores: () => createMemoryStores({}),
    environments: new Map([['prod', environment]]),
    releases,
    store: runs,
    clock,
    log,
    limits: defaultLimits,
    // oxlint-disable-next-line unicorn/no-thenable -- a word of the configuration; it is a number
    looks: { after: [30_000], then: 3_600_000, until: 86_400_000 },
    retries: defaultRetries,
    instance: 'test',
    runUrl: (id) => `https://gate.example.com/runs/${id}`,
    repositoryUrl: () => 'https://gate.example.com/',
    disclose: 'names',
  };
  const release = releaseDepsOf(parts, gate);
  return { ...gate, queue: parts.queue, release: (job, signal) => driveLine(job, release, signal) };
}

function releaseDepsOf(parts: ServiceParts, gate: GateDeps): ReleaseDeps {
  const { platform, clock, dispatchers, mishapOf, log } = parts;
  const timeouts = { headersMs: 5000, bodyMs: 5000, totalMs: 10_000 };
  const pipelines = faulty(
    createKfpPipelines(
      { environment: 'prod', url: platform.kubeflow.url, namespace: 'ml', timeouts },
      { clock, dispatchers },
    ),
    'pipelines',
    mishapOf,
  );
  const serving = faulty(
    createServing(
      {
        environment: 'prod',
        cluster: { kind: 'given', url: platform.kubernetes.url, token: undefined, ca: undefined },
        namespace: 'serving',
        services: ['auto-*'],
        serviceAccount: undefined,
        gateway: undefined,
        timeouts,
      },
      { clock, dispatchers, env: {}, addSecret: () => () => undefined },
    ),
    'serving',
    mishapOf,
  );
  const place = (bucket: string) => ({
    url: `s3://${bucket}/`,
    endpoint: platform.s3.url,
    credentials,
    timeouts,
  });
  const models = createModelStore(
    { places: [place('models'), place('runs')], publish: environment.publish },
    {
      clock,
      dispatchers,
      log,
      random: () => 0.5,
      env: {},
      home: '/nowhere',
      readFile: async () => undefined,
      writeMemory: createWriteMemory(log),
    },
  );
  // `list` is a method like the others here.
  const faultyModels = { ...faulty(models, 'models', mishapOf) };
  return {
    hosts: gate.hosts,
    snapshots: gate.snapshots,
    environments: gate.environments,
    pipelines: () => pipelines,
    serving: () => serving,
    models: () => faultyModels,
    runs: gate.store,
    releases: {
      ...parts.releases,
      ...faulty(parts.releases, 'releases', mishapOf),
      list: parts.releases.list,
    },
    permit: async () => undefined,
    reporting: {
      releaseUrl: (id) => `https://gate.example.com/releases/${id}`,
      disclose: 'names',
      runUrl: () => undefined,
      setComment: ({ comments }, wanted, signal) =>
        setComment({ comments, instance: 'test production' }, wanted, signal),
    },
    limits: defaultLimits,
    ruleIds,
    timing: defaultReleaseTiming,
    clock,
    log,
  };
}
