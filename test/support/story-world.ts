import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type Running } from '../../src/compose/serve.ts';
import type { Timing } from '../../src/compose/timing.ts';
import type { GitlabKnobs } from '../../src/sandbox/gitlab/config.ts';
import { createGitlabSandbox, type GitlabSandbox } from '../../src/sandbox/gitlab/sandbox.ts';
import type { CommitStatus, Hook, MergeRequest, Project } from '../../src/sandbox/gitlab/state.ts';
import { createS3Sandbox, type S3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import { loadGitlabContract } from './gitlab-contract.ts';
import { eventually, startRedis, type TestRedis } from './redis.ts';
import { storyConfiguration, type StoryConfig } from './story-config.ts';
import { storyTiming } from './story-timing.ts';

const contract = loadGitlabContract();

/** Every secret of a story; none of them may ever show. */
export const storySecrets = {
  GITLAB_TOKEN: 'glpat-story-Tok3n/with+odd=chars',
  HOOK_SECRET: 'hook-secret-of-the-story',
  SIGNING_TOKEN: `whsec_${Buffer.from('a signing key of 32 bytes length').toString('base64')}`,
  S3_KEY: 'AKIASTORYKEYID',
  S3_SECRET: 's3cret/key+of/the+story==',
} as const;

/** A whole installation: GitLab, an S3 store, Redis and the service, with one project. */
export interface StoryWorld {
  readonly gitlab: GitlabSandbox;
  readonly s3: S3Sandbox;
  readonly redis: TestRedis;
  readonly project: Project;
  readonly hook: Hook;
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
  /** Requests to GitLab that its published description does not allow. */
  readonly violations: readonly string[];
  /** The text of a `.dvc` file for the content, with or without pushing the content to the store. */
  track(path: string, content: string, push: 'pushed' | 'not pushed'): Promise<string>;
  push(content: string): void;
  /** A further project with the same people, hook and first commit; its files come beside those of the first. */
  addProject(path: string, files?: Readonly<Record<string, string>>): Promise<Project>;
  /** Opens a merge request with the files on a branch of that name. */
  propose(branch: string, files: Readonly<Record<string, string>>, to?: Proposal): Promise<MergeRequest>;
  /** The newest visible status of ours on the merge request's head, once it satisfies. */
  status(mergeRequest: MergeRequest, satisfies: (status: CommitStatus) => boolean): Promise<CommitStatus>;
  /** Resolves when no delivery is under way, no job waits or runs, and no change waits to be tried again. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

/** Where a change goes, and what it is called. */
export interface Proposal {
  readonly project?: Project;
  readonly target?: string;
  readonly title?: string;
  readonly from?: string;
}

export interface StoryOptions extends StoryConfig {
  readonly knobs?: Partial<GitlabKnobs>;
  readonly ciEnabled?: boolean;
  readonly hook?: 'secret' | 'signature';
  readonly timing?: Partial<Timing>;
  /** Whether the service judges too, or only takes webhooks in. */
  readonly worker?: 'inside' | 'none';
}

export const dvcConfig =
  '[core]\n    remote = storage\n[\'remote "storage"\']\n    url = s3://team-data/dvc\n';

const firstFiles = { 'README.md': 'auto-mpg\n', '.dvc/config': dvcConfig };

export async function createStoryWorld(options: StoryOptions = {}): Promise<StoryWorld> {
  const root = await mkdtemp(join(tmpdir(), 'modelgate-story-'));
  const redis = await startRedis();
  const credentials = { accessKeyId: storySecrets.S3_KEY, secretAccessKey: storySecrets.S3_SECRET };
  const s3 = await createS3Sandbox({ buckets: { 'team-data': { versioned: false } }, credentials });
  const gitlab = await createGitlabSandbox({ root, knobs: options.knobs ?? {} });
  const violations: string[] = [];
  gitlab.observe((request) => {
    if (contract.kind === 'contract') violations.push(...contract.violations(request));
  });
  for (const username of ['owner', 'ada', 'reporter', 'stranger']) gitlab.addUser({ username });
  gitlab.addUser({ username: 'modelgate-bot', bot: true, token: storySecrets.GITLAB_TOKEN });
  const env = { PATH: process.env['PATH'], REDIS_URL: redis.url, ...storySecrets };
  const lines: string[] = [];
  let service: Running | undefined;
  let port = 0;

  async function startService(): Promise<void> {
    const file = join(root, 'modelgate.yaml');
    await writeFile(file, storyConfiguration({ gitlab: gitlab.url, s3: s3.url, root, port }, options));
    const writeLog = (line: string): void => void lines.push(line);
    const withWorker = options.worker !== 'none';
    const timing = { ...storyTiming, ...options.timing };
    service = await serve({ config: file, withWorker, timing }, { env, cwd: root, home: root, writeLog });
    port = Number(new URL(service.url).port);
  }

  async function addProject(
    path: string,
    files: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly project: Project; readonly hook: Hook }> {
    const project = await gitlab.createProject({
      path,
      owner: 'owner',
      members: { ada: 30, reporter: 20, 'modelgate-bot': 30 },
      ciEnabled: options.ciEnabled ?? false,
    });
    await gitlab.commit(project, 'main', { ...firstFiles, ...files }, 'first');
    const credential =
      options.hook === 'signature'
        ? { signingToken: storySecrets.SIGNING_TOKEN }
        : { secretToken: storySecrets.HOOK_SECRET };
    return {
      project,
      hook: gitlab.addHook(project, { url: `${service?.url}/webhooks/gitlab`, ...credential }),
    };
  }

  async function settled(): Promise<void> {
    await eventually('no job is waiting or at work', async () => {
      await gitlab.idle();
      const queues = ['gate:wait', 'gate:active', 'upkeep:wait', 'upkeep:active'];
      const lengths = await Promise.all(queues.map((name) => redis.client.llen(`modelgate:queue:${name}`)));
      const retries = await redis.client.zrange('modelgate:wake-ups', 0, '-1');
      return (
        lengths.every((length) => length === 0) && !retries.some((key) => key.startsWith('gate-change/'))
      );
    });
  }

  await startService();
  const { project, hook } = await addProject('ml/auto-mpg');
  const push = (content: string): void => {
    const hash = md5(content);
    s3.put('team-data', `dvc/files/md5/${hash.slice(0, 2)}/${hash.slice(2)}`, content);
  };
  return {
    gitlab,
    s3,
    redis,
    project,
    hook,
    root,
    env,
    url: () => service?.url ?? '',
    startService,
    stopService: async () => {
      await service?.close();
      service = undefined;
    },
    lines,
    violations,
    push,
    track: (path, content, pushed) => {
      if (pushed === 'pushed') push(content);
      const size = Buffer.byteLength(content);
      const name = path.split('/').at(-1) ?? path;
      return Promise.resolve(
        `outs:\n- md5: ${md5(content)}\n  size: ${size}\n  hash: md5\n  path: ${name}\n`,
      );
    },
    addProject: async (path, files) => (await addProject(path, files)).project,
    async propose(branch, files, { project: to = project, target = 'main', title, from } = {}) {
      await gitlab.commit(to, branch, files, {
        message: `change ${branch}`,
        as: 'ada',
        from: from ?? target,
      });
      const wanted = { source: branch, target, title: title ?? `Change ${branch}`, as: 'ada' };
      return gitlab.openMergeRequest(to, wanted);
    },
    async status(mergeRequest, satisfies) {
      let found: CommitStatus | undefined;
      try {
        await eventually('the status', () => {
          found = statusesOf(gitlab, mergeRequest).at(-1);
          return found !== undefined && satisfies(found);
        });
      } catch {
        const seen = statusesOf(gitlab, mergeRequest).map(({ status, description }) => ({
          status,
          description,
        }));
        throw new Error(`statuses are ${JSON.stringify(seen)}\n${lines.slice(-12).join('')}`);
      }
      if (found === undefined) throw new Error('no status');
      return found;
    },
    settled,
    async close() {
      await service?.close();
      await gitlab.close();
      await s3.close();
      await redis.close();
      await rm(root, { recursive: true, force: true });
    },
  };
}

export function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}

/** Our statuses of a commit of the merge request, hidden ones included, oldest first; of its head unless named. */
export function statusesOf(
  gitlab: GitlabSandbox,
  mergeRequest: MergeRequest,
  sha?: string,
): readonly CommitStatus[] {
  const projects = new Set([mergeRequest.sourceProject, mergeRequest.project]);
  return [...projects]
    .flatMap((project) => gitlab.statuses(project, sha ?? mergeRequest.sha))
    .filter((status) => status.name === 'modelgate')
    .toSorted((one, other) => one.id - other.id);
}

/** The run that a status leads to. */
export function runIdOf(status: CommitStatus): string {
  const id = /\/runs\/([0-9a-f]{24})$/.exec(status.targetUrl ?? '')?.[1];
  if (id === undefined) throw new Error(`no run in ${status.targetUrl ?? 'a status without address'}`);
  return id;
}
