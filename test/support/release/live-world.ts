import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createReleaseStore } from '../../../src/adapters/redis/release-store.ts';
import type { LineId, Release, ReleaseLine } from '../../../src/domain/release.ts';
import { toSha, type Sha } from '../../../src/domain/repository.ts';
import { releaseIdOf, trainingNames } from '../../../src/release/ids.ts';
import type { GitlabStoryHost } from '../hosts/gitlab-story-host.ts';
import { eventually } from '../redis.ts';
import { createStoryWorld, type StoryChange, type StoryWorld } from '../story-world.ts';
import { scriptOf, sha256, writtenBy, type Fate } from './fates.ts';
import { startPlatform, type Platform } from './platform.ts';
import { watchPromises, type Promises } from './promises.ts';
import { pipeline, pipelinePath, storyPolicy } from './story.ts';

const program = fileURLToPath(new URL('../worker-child.ts', import.meta.url));

/** A merged change, and the ids that its release has. */
export interface Merged {
  readonly change: StoryChange;
  readonly tip: Sha;
  readonly releaseId: string;
  readonly runId: string;
}

/** An installation that releases: a host with git, Redis, a platform, and workers that are processes of their own. */
export interface LiveWorld {
  readonly world: StoryWorld<GitlabStoryHost>;
  readonly platform: Platform;
  readonly promises: Promises;
  /** Ends the worker at once, in the middle of whatever it does. */
  kill(): void;
  /** Resolves when it is gone. */
  killed(): Promise<void>;
  /** Lets the worker that is ready begin, and makes the next one ready. */
  start(): Promise<void>;
  /** A change with this fate is opened and merged; its model has so many bytes at least. */
  merge(name: string, fate: Fate, size?: number): Promise<Merged>;
  /** The record of a release. */
  release(id: string): Promise<Release | undefined>;
  /** All of its line. */
  releases(): Promise<readonly Release[]>;
  line(): Promise<ReleaseLine | undefined>;
  close(): Promise<void>;
}

/** Everything that takes time on a platform, made short. */
const short = {
  kubeflow: { reportLagMs: 20 },
  service: { createMs: 50, loadMs: 100, trafficMs: 50 },
};

/** Starts it on the real clock, without a worker. */
export async function createLiveWorld(): Promise<LiveWorld> {
  const platform = await startPlatform(() => new Date(), 'Knative', short);
  const world = await createStoryWorld({
    host: 'gitlab',
    worker: 'none',
    // Statuses of a protected branch's commits are not a Developer's to write.
    gitlab: { botAccess: 40 },
    recheck: '{ after: [1h], then: 1h, until: 1d }',
    config: environmentOf(platform),
  });
  const promises = watchPromises(platform);
  const records = createReleaseStore(world.redis.client, createKeys('modelgate'));
  const line: LineId = { host: 'gitlab', repositoryId: world.repository.id, environment: 'prod' };
  let worker: ChildProcess | undefined;
  let spare: ChildProcess | undefined;

  function spawnWorker(): ChildProcess {
    const env = {
      ...world.env,
      MODELGATE_LISTEN_PORT: '0',
      MODELGATE_LISTEN_PUBLIC_URL: world.url(),
      NODE_COMPILE_CACHE: join(world.root, 'compiled'),
    };
    return spawn(process.execPath, [program, world.root, 'all'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  }

  /** How the run of an attempt goes, and what it leaves behind. */
  function play(fate: Fate, { tip, runId, releaseId }: Omit<Merged, 'change'>, size: number): void {
    const { tasks = [], ...script } = scriptOf(fate, () => {
      const manifest = `s3://runs/handover/${runId}.json`;
      for (const written of writtenBy(fate, { run: runId, commit: tip, manifest, size }))
        platform.put(...written);
    });
    const quick = tasks.map((task) => ({ ...task, seconds: 0.1 }));
    platform.kubeflow.play({ runId }, { ...script, tasks: quick, pendingSeconds: 0.05 });
    promises.expect(runId, releaseId);
  }

  return {
    world,
    platform,
    promises,
    kill: () => void worker?.kill('SIGKILL'),
    killed: () => eventually('the end of the worker', () => worker?.signalCode === 'SIGKILL', 20_000),

    async start() {
      worker = spare ?? spawnWorker();
      spare = spawnWorker();
      let said = '';
      worker.stdout?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        world.lines.push(chunk.toString());
      });
      worker.stdin?.end('\n');
      await eventually('the worker works', () => said.includes('worker started'));
    },

    async merge(name, fate, size = 0) {
      const { host, repository } = world;
      // How the change was judged is another story.
      host.disconnect();
      const change = await world.propose(name, {
        '.modelgate.yaml': storyPolicy(),
        [pipelinePath]: pipeline,
        'data/cars.txt': `${name}\n`,
      });
      await host.idle();
      host.connect(world.url());
      const merged = await host.sandbox.merge(host.mergeRequest(change), { force: true });
      const tip = toSha(merged);
      if (tip === undefined) throw new Error(`no commit: ${merged}`);
      const attempts = [1, 2].map((attempt) => {
        const candidate = { commit: tip, attempt, branch: 'main' };
        const of = { ...candidate, line, repository: { host: 'gitlab', ...repository } };
        const { runId } = trainingNames(of, sha256(pipeline));
        const ids = { tip, runId, releaseId: releaseIdOf(line, candidate) };
        play(fate, ids, size);
        return ids;
      });
      const [first] = attempts;
      if (first === undefined) throw new Error('no attempt');
      return { change, ...first };
    },

    release: (id) => records.loadRelease(id),
    releases: () => records.list({ line, limit: 100 }),
    line: () => records.loadLine(line),

    async close() {
      worker?.kill('SIGKILL');
      spare?.kill('SIGKILL');
      await world.close();
      await platform.close();
    },
  };
}

/** The environment `prod` as the server's configuration has it. */
function environmentOf({ kubeflow, kubernetes, s3 }: Platform): string {
  const store = (bucket: string): string =>
    `      - { url: s3://${bucket}/, endpoint: ${s3.url}, credentials: anonymous }`;
  return `environments:
  prod:
    repositories: ["ml/*"]
    releasesPerDay: 1000
    kubeflow: { url: ${kubeflow.url}, namespace: ml }
    kserve: { namespace: serving, services: ["auto-*"], cluster: { url: ${kubernetes.url} } }
    publish: s3://models/serving/
    handover: s3://runs/handover/
    stores:
${store('models')}
${store('runs')}
`;
}
