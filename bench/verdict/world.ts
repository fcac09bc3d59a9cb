import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPrivateRedis } from '../../src/adapters/redis/private-redis.ts';
import { createGitlabSandbox, type GitlabSandbox } from '../../src/sandbox/gitlab/sandbox.ts';
import type { Project } from '../../src/sandbox/gitlab/state.ts';
import { createS3Sandbox, type S3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import { startChild, type Child } from '../child/start-child.ts';
import { traceGit, type GitTrace } from './trace-git.ts';

/** An installation: GitLab and S3 stand-ins here, the service and Redis as processes of their own. */
export interface World {
  readonly gitlab: GitlabSandbox;
  readonly s3: S3Sandbox;
  readonly project: Project;
  readonly service: Child;
  /** Undefined unless git is traced, which slows it a little. */
  readonly git: GitTrace | undefined;
  /** A branch that changes one data file, whose new content is on the store. */
  prepare(branch: string): Promise<void>;
  close(): Promise<void>;
}

const secrets = {
  GITLAB_TOKEN: 'glpat-bench',
  HOOK_SECRET: 'a hook secret',
  S3_KEY: 'AKIABENCH',
  S3_SECRET: 'secret-of-the-bench',
};
const bucket = 'data';

/** Starts everything. The repository has a hundred data files; `traced` measures the service's gits. */
export async function createWorld(traced: boolean): Promise<World> {
  const root = await mkdtemp(join(tmpdir(), 'modelgate-bench-'));
  const { MODELGATE_REDIS_SERVER: binary, PATH: searchPath = '' } = process.env;
  const redis = await startPrivateRedis({ binary, searchPath, directory: root });
  const credentials = { accessKeyId: secrets.S3_KEY, secretAccessKey: secrets.S3_SECRET };
  const s3 = await createS3Sandbox({ buckets: { [bucket]: { versioned: false } }, credentials });
  const gitlab = await createGitlabSandbox({ root });
  gitlab.addUser({ username: 'ada' });
  gitlab.addUser({ username: 'modelgate-bot', bot: true, token: secrets.GITLAB_TOKEN });
  const project = await gitlab.createProject({
    path: 'ml/auto-mpg',
    owner: 'ada',
    members: { 'modelgate-bot': 30 },
  });
  await gitlab.commit(project, 'main', repository(), 'first');
  const config = join(root, 'modelgate.yaml');
  await writeFile(config, configuration(gitlab, s3, root));
  const git = traced ? await traceGit(root, searchPath) : undefined;
  const env = { ...secrets, REDIS_URL: redis.url, ...(git && { PATH: git.path }) };
  const service = await startChild(new URL('service.ts', import.meta.url), [config, root], env);
  gitlab.addHook(project, { url: `${service.url}/webhooks/gitlab`, secretToken: secrets.HOOK_SECRET });
  return {
    gitlab,
    s3,
    project,
    service,
    git,
    async prepare(branch) {
      const content = `mpg,cylinders\n18,8\n${branch}\n`;
      const hash = md5(content);
      s3.put(bucket, `dvc/files/md5/${hash.slice(0, 2)}/${hash.slice(2)}`, content);
      await gitlab.commit(
        project,
        branch,
        { 'data/cars-7.csv.dvc': pointer('cars-7.csv', content) },
        { message: branch, as: 'ada' },
      );
    },
    async close() {
      await service.stop();
      await gitlab.close();
      await s3.close();
      await redis.stop();
      await rm(root, { recursive: true, force: true });
    },
  };
}

function repository(): Readonly<Record<string, string>> {
  const config = `[core]\n    remote = storage\n['remote "storage"']\n    url = s3://${bucket}/dvc\n`;
  const names = Array.from({ length: 100 }, (_, index) => `cars-${index}.csv`);
  const pointers = names.map((name) => [`data/${name}.dvc`, pointer(name, name)] as const);
  return { '.dvc/config': config, 'README.md': 'cars\n', ...Object.fromEntries(pointers) };
}

function pointer(name: string, content: string): string {
  return `outs:\n- md5: ${md5(content)}\n  size: ${Buffer.byteLength(content)}\n  hash: md5\n  path: ${name}\n`;
}

function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}

function configuration(gitlab: GitlabSandbox, s3: S3Sandbox, root: string): string {
  return `
listen: { port: 0 }
hosts:
  - { id: gitlab, kind: gitlab, url: "${gitlab.url}", token: "\${GITLAB_TOKEN}", webhookSecrets: ["\${HOOK_SECRET}"], repositories: ["ml/*"] }
remotes:
  - url: s3://${bucket}/dvc/
    repositories: ["ml/*"]
    endpoint: ${s3.url}
    credentials: { accessKeyId: "\${S3_KEY}", secretAccessKey: "\${S3_SECRET}" }
gate: { cacheDirectory: ${root}/cache }
`;
}
