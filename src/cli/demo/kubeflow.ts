import { createHash } from 'node:crypto';
import { git } from '../../sandbox/git/run.ts';
import type { Project } from '../../sandbox/gitlab/state.ts';
import { createKubeflowSandbox, type KubeflowSandbox } from '../../sandbox/kubeflow/sandbox.ts';
import type { RunView } from '../../sandbox/kubeflow/runs/view.ts';
import type { S3Sandbox } from '../../sandbox/s3/sandbox.ts';
import { pointer } from './data.ts';
import { train } from './regression.ts';

/** Where runs get the data and put what they made. */
export interface Platform {
  readonly s3: S3Sandbox;
  readonly project: Project;
  /** The bucket of the data remote. */
  readonly bucket: string;
}

/** Tasks of the example's pipeline, in their order. */
export const taskNames = ['fetch-data', 'prepare', 'train', 'evaluate', 'hand-over'];
const taskSeconds = 0.7;

/** A Kubeflow whose runs do what the pipeline's programs do, as well as can be done without Python: they really train. */
export async function startKubeflow(platform: Platform): Promise<KubeflowSandbox> {
  const kubeflow = await createKubeflowSandbox({ now: () => new Date(), knobs: { reportLagMs: 200 } });
  kubeflow.play('every', {
    tasks: taskNames.map((name) => ({ name, seconds: taskSeconds })),
    pendingSeconds: 0.5,
    terminateSeconds: 0.5,
    atEnd: (run) => (run.state === 'SUCCEEDED' ? handOver(run, platform) : undefined),
  });
  return kubeflow;
}

/** A linear regression of the data of the commit, put where the manifest is to be; then the manifest. */
async function handOver(run: RunView, { s3, project, bucket }: Platform): Promise<void> {
  const [commit, id, manifest] = ['commit', 'run', 'manifest'].map((name) => String(run.parameters[name]));
  const text = await git(project.directory, ['show', `${commit}:${pointer}`]);
  const digest = /md5: ([0-9a-f]+)/.exec(text)?.[1] ?? '';
  const data = s3.read(bucket, `dvc/files/md5/${digest.slice(0, 2)}/${digest.slice(2)}`);
  const { weights, rmse } = train(data?.toString('utf8') ?? '');
  const model = Buffer.from(JSON.stringify(weights));
  const { host, pathname } = new URL(manifest ?? '');
  const key = pathname.slice(1);
  const place = `${key.replace(/\.json$/, '')}/model.pkl`;
  const sha256 = createHash('sha256').update(model).digest('hex');
  const file = { path: 'model.pkl', uri: `s3://${host}/${place}`, size: model.length, sha256 };
  const told = { version: 1, run: id, commit, format: 'sklearn', files: [file], metrics: { rmse } };
  s3.put(host, place, model);
  s3.put(host, key, JSON.stringify(told));
}
