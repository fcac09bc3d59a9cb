import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serve, type Running } from '../../compose/serve.ts';
import { createGitlabSandbox, type GitlabSandbox } from '../../sandbox/gitlab/sandbox.ts';
import type { Project } from '../../sandbox/gitlab/state.ts';
import { createS3Sandbox, type S3Sandbox } from '../../sandbox/s3/sandbox.ts';

/** Where to look while the demo runs. */
export interface Places {
  readonly gitlab: string;
  readonly store: string;
  readonly modelgate: string;
  /** For `git clone`, with the token of the demo's data scientist. */
  readonly clone: string;
  /** Variables that let `dvc push` reach the store. */
  readonly credentials: string;
  /** A command that opens a merge request for a branch called `mine`. */
  readonly mergeRequest: string;
  /** The service's own log. */
  readonly log: string;
}

/** Everything the story needs. */
export interface DemoWorld {
  readonly gitlab: GitlabSandbox;
  readonly s3: S3Sandbox;
  readonly project: Project;
  readonly places: Places;
  /** The files of the example: `data/auto-mpg.csv` is the data, the others are committed. */
  readonly data: string;
  readonly files: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const bucket = 'auto-mpg';
const example = new URL('../../../examples/auto-mpg/', import.meta.url);
const committed = [
  '.dvc/config',
  '.modelgate.yaml',
  'data/auto-mpg.csv.dvc',
  'pipelines/production-pipeline.yaml',
];
const secrets = {
  GITLAB_TOKEN: 'glpat-demo-modelgate',
  HOOK_SECRET: 'demo-hook-secret',
  S3_KEY: 'demo-access-key',
  S3_SECRET: 'demo-secret-key',
};

/** What ends the parts, in the order in which they were started. */
type Ends = (() => Promise<void>)[];

/**
 * Starts the stand-ins and the service, and makes the project as it is before the story. Nothing is left behind: not
 * where a part cannot start, nor where the process is made to exit.
 */
export async function createDemoWorld(
  env: Readonly<Record<string, string | undefined>>,
  stop: AbortSignal,
): Promise<DemoWorld> {
  const root = await mkdtemp(join(tmpdir(), 'modelgate-demo-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  process.once('exit', remove);
  const ends: Ends = [
    async () => {
      process.removeListener('exit', remove);
      await rm(root, { recursive: true, force: true });
    },
  ];
  async function close(): Promise<void> {
    for (const end of ends.splice(0).toReversed()) await end();
  }
  try {
    return { ...(await startParts({ root, env, stop }, ends)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Start {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stop: AbortSignal;
}

async function startParts({ root, env, stop }: Start, ends: Ends): Promise<Omit<DemoWorld, 'close'>> {
  const s3 = await createS3Sandbox({
    buckets: { [bucket]: { versioned: false } },
    credentials: { accessKeyId: secrets.S3_KEY, secretAccessKey: secrets.S3_SECRET },
  });
  ends.push(() => s3.close());
  const gitlab = await createGitlabSandbox({ root });
  ends.push(() => gitlab.close());
  gitlab.addUser({ username: 'ada', name: 'Ada', token: 'glpat-demo-ada' });
  gitlab.addUser({ username: 'modelgate-bot', bot: true, token: secrets.GITLAB_TOKEN });
  const project = await gitlab.createProject({
    path: 'ml/auto-mpg',
    owner: 'ada',
    members: { 'modelgate-bot': 30 },
  });
  const files = Object.fromEntries(await Promise.all(committed.map(readExample)));
  const [, data] = await readExample('data/auto-mpg.csv', '');
  await gitlab.commit(
    project,
    'main',
    { ...files, 'data/.gitignore': '/auto-mpg.csv\n' },
    'The auto-mpg repository',
  );

  const log = join(root, 'modelgate.log');
  const service = await startService({ root, log, gitlab, s3, env, stop });
  ends.push(
    () => service.flush(),
    () => service.running.close(),
  );
  gitlab.addHook(project, {
    url: `${service.running.url}/webhooks/gitlab`,
    secretToken: secrets.HOOK_SECRET,
  });
  return {
    gitlab,
    s3,
    project,
    data,
    files,
    places: {
      gitlab: gitlab.url,
      store: s3.url,
      modelgate: service.running.url,
      clone: `${gitlab.url.replace('://', '://ada:glpat-demo-ada@')}/${project.path}.git`,
      credentials: `AWS_ENDPOINT_URL=${s3.url} AWS_ACCESS_KEY_ID=${secrets.S3_KEY} AWS_SECRET_ACCESS_KEY=${secrets.S3_SECRET}`,
      mergeRequest: `curl -H 'PRIVATE-TOKEN: glpat-demo-ada' -d source_branch=mine -d target_branch=main -d title=Mine ${gitlab.url}/api/v4/projects/${project.id}/merge_requests`,
      log,
    },
  };
}

/** Pushes a file's content to the store as `dvc push` would. */
export function dvcPush(s3: S3Sandbox, md5: string, content: string): void {
  s3.put(bucket, `dvc/files/md5/${md5.slice(0, 2)}/${md5.slice(2)}`, content);
}

async function readExample(
  path: string,
  below: number | string = 'repository/',
): Promise<readonly [string, string]> {
  const folder = typeof below === 'string' ? below : 'repository/';
  return [path, await readFile(fileURLToPath(new URL(folder + path, example)), 'utf8')];
}

interface ServiceSetup extends Start {
  readonly log: string;
  readonly gitlab: GitlabSandbox;
  readonly s3: S3Sandbox;
}

/** The service with a private Redis; it looks again for data after two seconds instead of thirty. */
async function startService(
  setup: ServiceSetup,
): Promise<{ readonly running: Running; flush(): Promise<void> }> {
  const { root, log, gitlab, s3, env, stop } = setup;
  const config = join(root, 'modelgate.yaml');
  const text = `
listen: { port: 0 }
hosts:
  - id: gitlab
    kind: gitlab
    url: ${gitlab.url}
    token: \${GITLAB_TOKEN}
    webhookSecrets: ["\${HOOK_SECRET}"]
    repositories: ["ml/*"]
remotes:
  - url: s3://${bucket}/dvc/
    repositories: ["ml/auto-mpg"]
    endpoint: ${s3.url}
    credentials: { accessKeyId: "\${S3_KEY}", secretAccessKey: "\${S3_SECRET}" }
recheck: { after: [2s, 2s, 5s], then: 10s, until: 1h }
gate: { cacheDirectory: ${join(root, 'cache')} }
`;
  await writeFile(config, text);
  const lines: string[] = [];
  let writing = Promise.resolve();
  const flush = (): Promise<void> => {
    const batch = lines.splice(0).join('');
    writing = writing.then(() => (batch === '' ? undefined : writeFile(log, batch, { flag: 'a' })));
    return writing;
  };
  const writeLog = (line: string): void => {
    if (lines.push(line) === 1) setImmediate(() => void flush());
  };
  const { PATH, MODELGATE_REDIS_SERVER, REDIS_URL, TMPDIR } = env;
  const surroundings = {
    env: { PATH, MODELGATE_REDIS_SERVER, REDIS_URL, TMPDIR, ...secrets },
    cwd: root,
    home: root,
    writeLog,
  };
  return { running: await serve({ config, withWorker: true, stop }, surroundings), flush };
}
