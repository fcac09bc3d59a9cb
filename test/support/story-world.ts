import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serve, type Running } from '../../src/compose/serve.ts';
import type { GitlabKnobs } from '../../src/sandbox/gitlab/config.ts';
import { createGitlabSandbox, type GitlabSandbox } from '../../src/sandbox/gitlab/sandbox.ts';
import type { CommitStatus, MergeRequest, Project } from '../../src/sandbox/gitlab/state.ts';
import { createS3Sandbox, type S3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import { loadGitlabContract } from './gitlab-contract.ts';
import { eventually, startRedis, type TestRedis } from './redis.ts';

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
  /** The service's address; it changes when it is started again. */
  url(): string;
  stopService(): Promise<void>;
  startService(): Promise<void>;
  /** Everything the service wrote to its log. */
  readonly lines: readonly string[];
  /** Requests to GitLab that its published description does not allow. */
  readonly violations: readonly string[];
  /** The text of a `.dvc` file for the content, with or without pushing the content to the store. */
  track(path: string, content: string, push: 'pushed' | 'not pushed'): Promise<string>;
  push(content: string): void;
  /** Opens a merge request with the files on a branch of that name. */
  propose(branch: string, files: Readonly<Record<string, string>>): Promise<MergeRequest>;
  /** The newest visible status of ours on the merge request's head, once it satisfies. */
  status(mergeRequest: MergeRequest, satisfies: (status: CommitStatus) => boolean): Promise<CommitStatus>;
  close(): Promise<void>;
}

export interface StoryOptions {
  readonly knobs?: Partial<GitlabKnobs>;
  readonly ciEnabled?: boolean;
  /** Further lines of the configuration. */
  readonly config?: string;
  readonly hook?: 'secret' | 'signature';
}

export const dvcConfig = "[core]\n    remote = storage\n['remote \"storage\"']\n    url = s3://team-data/dvc\n";

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
  gitlab.addUser({ username: 'owner' });
  gitlab.addUser({ username: 'ada' });
  gitlab.addUser({ username: 'stranger' });
  gitlab.addUser({ username: 'modelgate-bot', bot: true, token: storySecrets.GITLAB_TOKEN });
  const project = await gitlab.createProject({
    path: 'ml/auto-mpg',
    owner: 'owner',
    members: { ada: 30, 'modelgate-bot': 30 },
    ciEnabled: options.ciEnabled ?? false,
  });
  const file = join(root, 'modelgate.yaml');
  const lines: string[] = [];
  let service: Running | undefined;
  let port = 0;

  async function startService(): Promise<void> {
    await writeFile(file, configuration(gitlab, s3, root, port, options.config ?? ''));
    const env = { PATH: process.env['PATH'], REDIS_URL: redis.url, ...storySecrets };
    const writeLog = (line: string): void => void lines.push(line);
    service = await serve(
      { config: file, withWorker: true, timing: { tickMs: 50, lockMs: 2000, stalledMs: 500 } },
      { env, cwd: root, home: root, writeLog },
    );
    port = Number(new URL(service.url).port);
  }

  await startService();
  const hook = options.hook === 'signature' ? { signingToken: storySecrets.SIGNING_TOKEN } : { secretToken: storySecrets.HOOK_SECRET };
  await gitlab.commit(project, 'main', { 'README.md': 'auto-mpg\n', '.dvc/config': dvcConfig }, 'first');
  gitlab.addHook(project, { url: `${service?.url ?? ''}/webhooks/gitlab`, ...hook });

  const push = (content: string): void => {
    const hash = md5(content);
    s3.put('team-data', `dvc/files/md5/${hash.slice(0, 2)}/${hash.slice(2)}`, content);
  };
  return {
    gitlab,
    s3,
    redis,
    project,
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
      return Promise.resolve(`outs:\n- md5: ${md5(content)}\n  size: ${size}\n  hash: md5\n  path: ${name}\n`);
    },
    async propose(branch, files) {
      await gitlab.commit(project, branch, files, { message: `change ${branch}`, as: 'ada' });
      return gitlab.openMergeRequest(project, { source: branch, title: `Change ${branch}`, as: 'ada' });
    },
    async status(mergeRequest, satisfies) {
      let found: CommitStatus | undefined;
      const seen = (): string => JSON.stringify(ours(gitlab, project, mergeRequest).map(({ status, description }) => ({ status, description })));
      try {
        await eventually('the status', () => {
          found = ours(gitlab, project, mergeRequest).at(-1);
          return found !== undefined && satisfies(found);
        });
      } catch {
        throw new Error(`statuses are ${seen()}\n${lines.slice(-15).join('')}`);
      }
      if (found === undefined) throw new Error('no status');
      return found;
    },
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

function ours(gitlab: GitlabSandbox, project: Project, mergeRequest: MergeRequest): readonly CommitStatus[] {
  return gitlab.statuses(project, mergeRequest.sha).filter((status) => status.name === 'modelgate');
}

function configuration(gitlab: GitlabSandbox, s3: S3Sandbox, root: string, port: number, more: string): string {
  return `
listen: { port: ${port} }
hosts:
  - id: gitlab
    kind: gitlab
    url: ${gitlab.url}
    token: \${GITLAB_TOKEN}
    webhookSecrets: ["\${HOOK_SECRET}", "\${SIGNING_TOKEN}"]
    repositories: ["ml/*"]
remotes:
  - url: s3://team-data/dvc/
    repositories: ["ml/*"]
    endpoint: ${s3.url}
    credentials: { accessKeyId: "\${S3_KEY}", secretAccessKey: "\${S3_SECRET}" }
recheck: { after: [200ms, 400ms, 1s], then: 2s, until: 1h }
gate: { cacheDirectory: ${root}/cache }
log: { level: debug }
${more}`;
}
