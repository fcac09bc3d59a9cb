import { createSecretRegistry } from '../../../src/adapters/system/secret-registry.ts';
import { createModelStores } from '../../../src/compose/model-stores.ts';
import { createPipelinesOf } from '../../../src/compose/pipelines.ts';
import { createServings } from '../../../src/compose/serving.ts';
import type { Config } from '../../../src/config/config.ts';
import { loadConfig } from '../../../src/config/load.ts';
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
  const releases = faulty(parts.releases, 'releases', mishapOf);
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

/** The clients that the composition makes of a configuration, on the story's clock. */
function releaseDepsOf(parts: ServiceParts, gate: GateDeps): ReleaseDeps {
  const { clock, dispatchers, mishapOf, log } = parts;
  const foundation = {
    config: configOf(parts.platform),
    clock,
    log,
    dispatchers,
    secrets: createSecretRegistry(),
    surroundings: { env: {}, cwd: '/', home: '/nowhere', writeLog: () => undefined },
  };
  const timeouts = { headersMs: 5000, bodyMs: 5000, totalMs: 10_000 };
  const pipelines = createPipelinesOf(foundation, timeouts)('prod');
  const serving = createServings(foundation, timeouts)('prod');
  const models = createModelStores(foundation, timeouts)('prod', parts.branch.repository);
  return {
    hosts: gate.hosts,
    snapshots: gate.snapshots,
    environments: gate.environments,
    pipelines: () => pipelines && faulty(pipelines, 'pipelines', mishapOf),
    serving: () => serving && faulty(serving, 'serving', mishapOf),
    models: () => faulty(models, 'models', mishapOf),
    runs: gate.store,
    releases: faulty(parts.releases, 'releases', mishapOf),
    permit: async () => undefined,
    reporting: {
      releaseUrl: (id) => `https://gate.example.com/releases/${id}`,
      lineUrl: () => 'https://gate.example.com/releases?line=1',
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

function configOf({ kubeflow, kubernetes, s3 }: Platform): Config {
  const store = (bucket: string) => ({ url: `s3://${bucket}/`, endpoint: s3.url, credentials: 'anonymous' });
  const text = JSON.stringify({
    environments: {
      prod: {
        repositories: ['**'],
        kubeflow: { url: kubeflow.url, namespace: 'ml' },
        kserve: { namespace: 'serving', services: ['auto-*'], cluster: { url: kubernetes.url } },
        publish: environment.publish,
        handover: environment.handover,
        stores: [store('models'), store('runs')],
      },
    },
  });
  const nothing = () => undefined;
  return loadConfig({
    path: 'modelgate.yaml',
    env: {},
    readFile: () => text,
    fileSecret: () => () => '',
    addSecret: nothing,
  });
}
