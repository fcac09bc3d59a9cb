import { idsOf } from '../../../src/domain/subject.ts';
import type { Sha } from '../../../src/domain/repository.ts';
import { AbortError } from '../../../src/errors.ts';
import { handleJob } from '../../../src/jobs/handle-job.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { releaseIdOf, trainingNames } from '../../../src/release/ids.ts';
import { createKeptLog } from '../log.ts';
import { createMemoryReleases, type MemoryReleases } from '../memory-releases.ts';
import { createMemoryRuns } from '../memory-runs.ts';
import { createAgenda } from './agenda.ts';
import { Died, type Mishap } from './faulty.ts';
import { knobsOf, scriptOf, sha256, writtenBy, type Fate } from './fates.ts';
import { createMemoryBranch, type MemoryBranch } from './memory-branch.ts';
import { startPlatform, type Mode, type Platform } from './platform.ts';
import { environment, startService } from './service.ts';
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts';
import { watchPromises, type Promises } from './promises.ts';

const minute = 60_000;
/** What a story may take, on its own clock. */
const longest = 3 * 24 * 60 * minute;
const sweepEvery = 5 * minute;
export const pipelinePath = 'pipelines/production.yaml';

/** A repository that is released, its platform and the service, on a clock that nobody waits for. */
export interface ReleaseStory {
  readonly branch: MemoryBranch;
  readonly platform: Platform;
  readonly clock: VirtualClock;
  readonly releases: MemoryReleases;
  log(): string;
  /** What must never happen, looked for after every job. */
  readonly promises: Promises;
  /** What happens to calls of ports from now on. */
  mishaps: (call: string) => Mishap;
  /** Called before every job. */
  before: () => void;
  /** A merged commit with this fate; `pokes` deliveries tell of it. */
  merge(fate: Fate, pokes: number): Sha;
  /** Runs what is due until a sweep finds nothing more to do, or until the time. */
  run(until?: number): Promise<void>;
  /** Everything that was kept is gone. */
  emptyRedis(): void;
  close(): Promise<void>;
}

export async function createReleaseStory(mode: Mode, policy = storyPolicy()): Promise<ReleaseStory> {
  const clock = createVirtualClock();
  const now = (): Date => clock.now();
  const platform = await startPlatform(now, mode);
  const { log, lines } = createKeptLog();
  const runs = createMemoryRuns();
  const releases = createMemoryReleases();
  const agenda = createAgenda(now);
  const dispatchers = createDispatchers();
  const branch = createMemoryBranch({
    '.modelgate.yaml': policy,
    [pipelinePath]: pipeline,
    'README.md': 'the first commit\n',
  });
  const { queue } = agenda;
  const mishapOf = (call: string): Mishap => story.mishaps(call);
  const parts = { branch, platform, runs, releases, clock, dispatchers, queue, log, mishapOf };
  let service = startService(parts);
  let lastSweep = now().getTime();
  const promises = watchPromises(platform);

  const tipJob = () => ({
    kind: 'gate-branch' as const,
    ids: idsOf({ kind: 'branch', host: branch.host.id, repositoryId: branch.repository.id, branch: 'main' }),
  });

  async function work(): Promise<void> {
    const next = agenda.take();
    if (next === undefined) return;
    clock.moveTo(next.at);
    story.before();
    try {
      await handleJob(next.job, service, new AbortController().signal);
    } catch (thrown) {
      if (thrown instanceof AbortError && thrown.reason !== 'paused') throw thrown;
      // The queue gives a job of a dead worker to another, and tries again what failed.
      if (thrown instanceof Died) service = startService(parts);
      agenda.add(next.job, now().getTime() + 30_000);
    }
    await promises.look();
  }

  const story: ReleaseStory = {
    branch,
    platform,
    clock,
    releases,
    log: () => lines.map((line) => JSON.stringify(line)).join('\n'),
    promises,
    mishaps: () => 'none',
    before: () => undefined,

    merge(fate, pokes) {
      const sha = branch.commit({ 'data/cars.txt': `${fate} ${now().getTime()}\n`, 'README.md': fate });
      const line = { host: branch.host.id, repositoryId: branch.repository.id, environment: 'prod' };
      for (const attempt of [1, 2, 3]) {
        const { runId } = trainingNames(
          { line, repository: branch.repository, commit: sha, attempt, branch: 'main' },
          sha256(pipeline),
        );
        const manifest = `${environment.handover ?? ''}${runId}.json`;
        const script = scriptOf(fate, () => {
          platform.kubernetes.script('serving', 'auto-mpg', knobsOf(fate));
          for (const written of writtenBy(fate, { run: runId, commit: sha, manifest }))
            platform.put(...written);
        });
        platform.kubeflow.play({ runId }, script);
        promises.expect(runId, releaseIdOf(line, { commit: sha, attempt }));
      }
      for (let poke = 0; poke < pokes; poke += 1) agenda.add(tipJob(), now().getTime() + poke * 1500);
      return sha;
    },

    async run(until = now().getTime() + longest) {
      while (now().getTime() < until) {
        const next = agenda.next();
        const sweep = lastSweep + sweepEvery;
        if (next !== undefined && next <= sweep) {
          await work();
          continue;
        }
        clock.moveTo(sweep);
        lastSweep = sweep;
        agenda.add({ kind: 'sweep', ids: {} }, sweep);
        await work();
        if (agenda.next() === undefined) return;
      }
    },

    emptyRedis() {
      runs.forget();
      releases.releases.clear();
      releases.byLine.clear();
      agenda.forget();
    },

    async close() {
      await platform.close();
      await dispatchers.close();
    },
  };
  return story;
}

/** The policy of these stories. */
export function storyPolicy(more = ''): string {
  return `version: 1
metrics: { metrics.json: { rmse: { max: 4.0 } } }
production:
  branch: main
  environment: prod
  pipeline: ${pipelinePath}
  parameters: { trigger: "\${trigger}", run: "\${run}", commit: "\${commit}", manifest: "\${manifest}" }
  triggers: { data: ["data/**"], feature: ["pipelines/**"], maintenance: [".modelgate.yaml"] }
  deadline: 1h
${more}  model: { from: manifest, format: sklearn, file: model.pkl }
  serving:
    service: auto-mpg
    smoke:
      - { request: { instances: [[8, 307]] }, expect: { predictions: [17.5] }, tolerance: 0.5 }
`;
}

/** Two tasks, compiled. */
export const pipeline = `pipelineInfo:
  name: auto-mpg
schemaVersion: 2.1.0
sdkVersion: kfp-2.15.0
components:
  comp-prepare:
    executorLabel: exec-prepare
  comp-train:
    executorLabel: exec-train
deploymentSpec:
  executors:
    exec-prepare:
      container:
        image: python:3.12
        command: [echo]
    exec-train:
      container:
        image: python:3.12
        command: [echo]
root:
  inputDefinitions:
    parameters:
${['trigger', 'run', 'commit', 'manifest'].map((name) => `      ${name}:\n        parameterType: STRING`).join('\n')}
  dag:
    tasks:
      prepare:
        cachingOptions: {}
        componentRef:
          name: comp-prepare
        taskInfo:
          name: prepare
      train:
        cachingOptions: {}
        componentRef:
          name: comp-train
        dependentTasks:
        - prepare
        taskInfo:
          name: train
`;
