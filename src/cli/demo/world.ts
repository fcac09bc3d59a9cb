import { rmSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGitlabSandbox, type GitlabSandbox } from '../../sandbox/gitlab/sandbox.ts';
import type { Project } from '../../sandbox/gitlab/state.ts';
import type { KubernetesSandbox } from '../../sandbox/kubernetes/sandbox.ts';
import { createS3Sandbox, type S3Sandbox } from '../../sandbox/s3/sandbox.ts';
import type { KubeflowSandbox } from '../../sandbox/kubeflow/sandbox.ts';
import { startKubeflow } from './kubeflow.ts';
import { startKubernetes } from './kubernetes.ts';
import { placesOf, type Places } from './places.ts';
import { buckets, secrets, startService } from './service.ts';

/** Everything the story needs. */
export interface DemoWorld {
  readonly gitlab: GitlabSandbox;
  readonly s3: S3Sandbox;
  readonly kubeflow: KubeflowSandbox;
  readonly kubernetes: KubernetesSandbox;
  readonly project: Project;
  readonly places: Places;
  /** The files of the example: `data/auto-mpg.csv` is the data, the others are committed. */
  readonly data: string;
  readonly files: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const example = new URL('../../../examples/auto-mpg/', import.meta.url);
const committed = [
  '.dvc/config',
  '.modelgate.yaml',
  'data/auto-mpg.csv.dvc',
  'pipelines/production-pipeline.yaml',
];

const firstPolicy = `version: 1
data:
  scope: changed
pipelines:
  - pipelines/*.yaml
`;

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
    buckets: { [buckets.data]: { versioned: false }, [buckets.models]: { versioned: false } },
    credentials: { accessKeyId: secrets.S3_KEY, secretAccessKey: secrets.S3_SECRET },
  });
  ends.push(() => s3.close());
  const gitlab = await createGitlabSandbox({ root });
  ends.push(() => gitlab.close());
  const { project, files, data } = await createProject(gitlab);
  const kubeflow = await startKubeflow({ s3, project, bucket: buckets.data });
  ends.push(() => kubeflow.close());
  const kubernetes = await startKubernetes(s3);
  ends.push(() => kubernetes.close());
  const log = join(root, 'modelgate.log');
  const urls = { gitlab: gitlab.url, s3: s3.url, kubeflow: kubeflow.url, kubernetes: kubernetes.url };
  const service = await startService({ root, log, env, stop, ...urls });
  ends.push(
    () => service.flush(),
    () => service.running.close(),
  );
  const modelgate = service.running.url;
  gitlab.addHook(project, { url: `${modelgate}/webhooks/gitlab`, secretToken: secrets.HOOK_SECRET });
  const places = placesOf({ ...urls, gateway: kubernetes.gatewayUrl, modelgate, log, root, project });
  return { gitlab, s3, kubeflow, kubernetes, project, data, files, places };
}

/** The example as a repository of a data scientist, with a bot that may write to its protected branch. */
async function createProject(gitlab: GitlabSandbox): Promise<Pick<DemoWorld, 'project' | 'files' | 'data'>> {
  gitlab.addUser({ username: 'ada', name: 'Ada', token: 'glpat-demo-ada' });
  gitlab.addUser({ username: 'modelgate-bot', bot: true, token: secrets.GITLAB_TOKEN });
  const project = await gitlab.createProject({
    path: 'ml/auto-mpg',
    owner: 'ada',
    members: { 'modelgate-bot': 40 },
  });
  const read = (path: string): Promise<string> => readFile(fileURLToPath(new URL(path, example)), 'utf8');
  const files = Object.fromEntries(
    await Promise.all(committed.map(async (path) => [path, await read(`repository/${path}`)] as const)),
  );
  // Nothing is released at first: that comes with a merge request of the story.
  const first = { ...files, '.modelgate.yaml': firstPolicy, 'data/.gitignore': '/auto-mpg.csv\n' };
  await gitlab.commit(project, 'main', first, 'The auto-mpg repository');
  return { project, files, data: await read('data/auto-mpg.csv') };
}
