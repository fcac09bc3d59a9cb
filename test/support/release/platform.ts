import type { KubeflowKnobs } from '../../../src/sandbox/kubeflow/config.ts';
import type { ServiceKnobs } from '../../../src/sandbox/kubernetes/kserve/knobs.ts';
import { createKubeflowSandbox, type KubeflowSandbox } from '../../../src/sandbox/kubeflow/sandbox.ts';
import { rowModel, type ModelOutcome } from '../../../src/sandbox/kubernetes/kserve/model.ts';
import { createKubernetesSandbox, type KubernetesSandbox } from '../../../src/sandbox/kubernetes/sandbox.ts';
import { createS3Sandbox, type S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';
import type { StoryModel } from './fates.ts';

/** Everything that releases reach, on one clock. */
export interface Platform {
  readonly s3: S3Sandbox;
  readonly kubeflow: KubeflowSandbox;
  readonly kubernetes: KubernetesSandbox;
  /** What is stored by address; a mirror of what was put there by us and by runs. */
  read(address: string): Promise<Buffer | undefined>;
  put(address: string, content: string): void;
  close(): Promise<void>;
}

export type Mode = 'Knative' | 'Standard';

/** Starts the stand-ins. A model loads when it stands where it is looked for, and says so itself. */
export async function startPlatform(
  now: () => Date,
  mode: Mode,
  knobs: { readonly kubeflow?: Partial<KubeflowKnobs>; readonly service?: Partial<ServiceKnobs> } = {},
): Promise<Platform> {
  const s3 = await createS3Sandbox({
    buckets: { models: { versioned: false }, runs: { versioned: false } },
    now,
  });
  const kubeflow = await createKubeflowSandbox({ now, knobs: knobs.kubeflow ?? {} });
  const kubernetes = await createKubernetesSandbox({
    now,
    load,
    defaultMode: mode,
    knative: mode === 'Knative',
    knobs: knobs.service ?? {},
  });

  async function read(address: string): Promise<Buffer | undefined> {
    const answer = await fetch(`${s3.url}/${address.replace('s3://', '')}`);
    return answer.ok ? Buffer.from(await answer.arrayBuffer()) : undefined;
  }

  async function load(storageUri: string): Promise<ModelOutcome> {
    const bytes = await read(`${storageUri}model.pkl`);
    if (bytes === undefined)
      return { ok: false, reason: 'ModelMissingError', message: `nothing at ${storageUri}` };
    const model: StoryModel = JSON.parse(bytes.toString());
    if (!model.loads)
      return { ok: false, reason: 'UnpicklingError', message: 'the pickle is of another version' };
    return { ok: true, predict: rowModel(() => model.predicts) };
  }

  return {
    s3,
    kubeflow,
    kubernetes,
    read,
    put(address, content) {
      const [bucket = '', ...key] = address.replace('s3://', '').split('/');
      s3.put(bucket, key.join('/'), content);
    },
    async close() {
      await Promise.all([s3.close(), kubeflow.close(), kubernetes.close()]);
    },
  };
}
