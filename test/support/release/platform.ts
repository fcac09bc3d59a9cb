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

/** What the stand-ins ask for, as variables of a service's environment. */
export interface PlatformSecrets {
  readonly KFP_TOKEN: string;
  readonly KUBE_TOKEN: string;
  readonly MODELS_KEY: string;
  readonly MODELS_SECRET: string;
}

/** What deploy/kubernetes/rbac.yaml allows, and nothing more. */
const releaseWorker = {
  user: 'system:serviceaccount:modelgate:modelgate-release',
  rules: [
    {
      groups: ['serving.kserve.io'],
      resources: ['inferenceservices'],
      verbs: ['get', 'patch', 'delete', 'create'],
    },
    { groups: ['serving.knative.dev'], resources: ['revisions'], verbs: ['get'] },
    { groups: ['apps'], resources: ['deployments'], verbs: ['get'] },
  ],
};

export type Mode = 'Knative' | 'Standard';

/** Starts the stand-ins. A model loads when it stands where it is looked for, and says so itself. */
export async function startPlatform(
  now: () => Date,
  mode: Mode,
  knobs: {
    readonly kubeflow?: Partial<KubeflowKnobs>;
    readonly service?: Partial<ServiceKnobs>;
    /** Without them everybody may do everything. */
    readonly secrets?: PlatformSecrets;
  } = {},
): Promise<Platform> {
  const { secrets } = knobs;
  const s3 = await createS3Sandbox({
    buckets: { models: { versioned: false }, runs: { versioned: false } },
    now,
    ...(secrets !== undefined && {
      credentials: { accessKeyId: secrets.MODELS_KEY, secretAccessKey: secrets.MODELS_SECRET },
    }),
  });
  const kubeflow = await createKubeflowSandbox({
    now,
    knobs: knobs.kubeflow ?? {},
    ...(secrets !== undefined && { bearerTokens: new Set([secrets.KFP_TOKEN]) }),
  });
  const kubernetes = await createKubernetesSandbox({
    now,
    load,
    defaultMode: mode,
    knative: mode === 'Knative',
    knobs: knobs.service ?? {},
    ...(secrets !== undefined && { tokens: { [secrets.KUBE_TOKEN]: releaseWorker } }),
  });

  async function read(address: string): Promise<Buffer | undefined> {
    const [bucket = '', ...key] = address.replace('s3://', '').split('/');
    return s3.read(bucket, key.join('/'));
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
