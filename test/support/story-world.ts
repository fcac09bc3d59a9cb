import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type Running } from '../../src/compose/serve.ts';
import type { Timing } from '../../src/compose/timing.ts';
import { createS3Sandbox, type S3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import {
  createGithubStoryHost,
  type GithubStoryHost,
  type GithubStoryOptions,
} from './hosts/github-story-host.ts';
import {
  createGitlabStoryHost,
  type GitlabStoryHost,
  type GitlabStoryOptions,
} from './hosts/gitlab-story-host.ts';
import type { HostKind, StoryChange, StoryHost, StoryRepository, StoryStatus } from './hosts/story-host.ts';
import { eventually, startRedis, type TestRedis } from './redis.ts';
import { storyConfiguration, type StoryConfig } from './story-config.ts';
import { storyTiming } from './story-timing.ts';

export type { HostKind, StoryChange, StoryRepository, StoryStatus } from './hosts/story-host.ts';

/** The stories that hold for every host: `describe.each(everyHost)`. */
export const everyHost = [
  { host: 'gitlab', name: 'GitLab' },
  { host: 'github', name: 'GitHub' },
] as const satisfies readonly { readonly host: HostKind; readonly name: string }[];

/** Secrets of every story; none of them, and of those of the host, may ever show. */
export const storySecrets = { S3_KEY: 'AKIASTORYKEYID', S3_SECRET: 's3cret/key+of/the+story==' } as const;

interface StoryHosts {
  readonly gitlab: GitlabStoryHost;
  readonly github: GithubStoryHost;
}

/** A whole installation: a host, an S3 store, Redis and the service, with one repository. */
export interface StoryWorld<Host extends StoryHost = StoryHost> {
  readonly host: Host;
  readonly s3: S3Sandbox;
  readonly redis: TestRedis;
  readonly repository: StoryRepository;
  /** A directory of the world's own; the configuration is its `modelgate.yaml`. */
  readonly root: string;
  /** The service's environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The service's address; it stays when it is started again. */
  url(): string;
  stopService(): Promise<void>;
  startService(): Promise<void>;
  /** Everything the service wrote to its log. */
  readonly lines: string[];
  /** What may never show, as far as it is known by now. */
  secrets(): readonly string[];
  /** The text of a `.dvc` file for the content, with or without pushing the content to the store. */
  track(path: string, content: string, push: 'pushed' | 'not pushed'): Promise<string>;
  push(content: string): void;
  /** A further repository with the same people and first commit; its files come beside those of the first. */
  addRepository(path: string, files?: Readonly<Record<string, string>>): Promise<StoryRepository>;
  /** Opens a change with the files on a branch of that name. */
  propose(branch: string, files: Readonly<Record<string, string>>, to?: Proposal): Promise<StoryChange>;
  /** The newest status of ours on the change's head, once it satisfies. */
  status(change: StoryChange, satisfies: (status: StoryStatus) => boolean): Promise<StoryStatus>;
  /** Resolves when no delivery is under way, no job waits or runs, and no change waits to be tried again. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Where a change goes, where its branch is and begins, and what it is called. */
export interface Proposal {
  readonly repository?: StoryRepository;
  readonly fork?: StoryRepository;
  readonly target?: string;
  readonly title?: string;
  readonly from?: string;
}

export interface StoryOptions extends StoryConfig {
  readonly gitlab?: GitlabStoryOptions;
  readonly github?: GithubStoryOptions;
  readonly timing?: Partial<Timing>;
  /** Whether the service judges too, or only takes webhooks in. */
  readonly worker?: 'inside' | 'none';
  /** Further variables of the service's environment, all of them secrets. */
  readonly secrets?: Readonly<Record<string, string>>;
}

export const dvcConfig =
  '[core]\n    remote = storage\n[\'remote "storage"\']\n    url = s3://team-data/dvc\n';

const firstFiles = { 'README.md': 'auto-mpg\n', '.dvc/config': dvcConfig };

const createHost: {
  readonly [Kind in HostKind]: (root: string, options: StoryOptions) => Promise<StoryHosts[Kind]>;
} = {
  gitlab: (root, { gitlab }) => createGitlabStoryHost(root, gitlab),
  github: (root, { github }) => createGithubStoryHost(root, github),
};

export async function createStoryWorld<Kind extends HostKind>(
  options: StoryOptions & { readonly host: Kind },
): Promise<StoryWorld<StoryHosts[Kind]>> {
  const root = await mkdtemp(join(tmpdir(), 'modelgate-story-'));
  const redis = await startRedis();
  const credentials = { accessKeyId: storySecrets.S3_KEY, secretAccessKey: storySecrets.S3_SECRET };
  const s3 = await createS3Sandbox({ buckets: { 'team-data': { versioned: false } }, credentials });
  const made = await createHost[options.host](root, options);
  const host: StoryHost = made;
  const env = {
    PATH: process.env['PATH'],
    REDIS_URL: redis.url,
    ...storySecrets,
    ...host.env,
    ...options.secrets,
  };
  const lines: string[] = [];
  let service: Running | undefined;
  let port = 0;

  async function startService(): Promise<void> {
    const file = join(root, 'modelgate.yaml');
    const places = { host: host.configuration(options.webhookSecrets), s3: s3.url, root, port };
    await writeFile(file, storyConfiguration(places, options));
    const writeLog = (line: string): void => void lines.push(line);
    const withWorker = options.worker !== 'none';
    const timing = { ...storyTiming, ...options.timing };
    service = await serve({ config: file, withWorker, timing }, { env, cwd: root, home: root, writeLog });
    port = Number(new URL(service.url).port);
  }

  async function addRepository(
    path: string,
    files: Readonly<Record<string, string>> = {},
  ): Promise<StoryRepository> {
    const added = await host.addRepository(path);
    await host.commit(added, 'main', { ...firstFiles, ...files });
    return added;
  }

  async function settled(): Promise<void> {
    await eventually('no job is waiting or at work', async () => {
      await host.idle();
      const queues = ['gate', 'upkeep', 'release'].flatMap((name) => [`${name}:wait`, `${name}:active`]);
      const lengths = await Promise.all(queues.map((name) => redis.client.llen(`modelgate:queue:${name}`)));
      const retries = await redis.client.zrange('modelgate:wake-ups', 0, '-1');
      return (
        lengths.every((length) => length === 0) && !retries.some((key) => /^gate-|^rerun|^release/.test(key))
      );
    });
  }

  await startService();
  const repository = await addRepository('ml/auto-mpg');
  host.connect(service?.url ?? '');
  const push = (content: string): void => {
    const hash = md5(content);
    s3.put('team-data', `dvc/files/md5/${hash.slice(0, 2)}/${hash.slice(2)}`, content);
  };
  return {
    host: made,
    s3,
    redis,
    repository,
    root,
    env,
    url: () => service?.url ?? '',
    startService,
    stopService: async () => {
      await service?.close();
      service = undefined;
    },
    lines,
    secrets: () => [...Object.values({ ...storySecrets, ...options.secrets }), ...host.secrets()],
    push,
    track: (path, content, pushed) => {
      if (pushed === 'pushed') push(content);
      const size = Buffer.byteLength(content);
      const name = path.split('/').at(-1) ?? path;
      return Promise.resolve(
        `outs:\n- md5: ${md5(content)}\n  size: ${size}\n  hash: md5\n  path: ${name}\n`,
      );
    },
    addRepository,
    async propose(branch, files, { repository: to = repository, fork, target = 'main', title, from } = {}) {
      const as = fork === undefined ? 'ada' : 'stranger';
      await host.commit(fork ?? to, branch, files, { as, from: from ?? target });
      const wanted = { branch, target, title: title ?? `Change ${branch}`, as };
      return host.open(to, { ...wanted, ...(fork !== undefined && { from: fork }) });
    },
    async status(change, satisfies) {
      let found: StoryStatus | undefined;
      try {
        await eventually('the status', () => {
          found = host.statuses(change).at(-1);
          return found !== undefined && satisfies(found);
        });
      } catch {
        throw new Error(
          `statuses are ${JSON.stringify(host.statuses(change))}\n${lines.slice(-12).join('')}`,
        );
      }
      if (found === undefined) throw new Error('no status');
      return found;
    },
    settled,
    async close() {
      await service?.close();
      await host.dispose();
      await s3.close();
      await redis.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}

/** The run that a status leads to. */
export function runIdOf(status: Pick<StoryStatus, 'url'> | undefined): string {
  const id = /\/runs\/([0-9a-f]{24})$/.exec(status?.url ?? '')?.[1];
  if (id === undefined) throw new Error(`no run in ${status?.url ?? 'a status without address'}`);
  return id;
}
