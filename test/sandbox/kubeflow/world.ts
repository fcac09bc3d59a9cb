import type { KubeflowConfig } from '../../../src/sandbox/kubeflow/config.ts';
import { createKubeflowSandbox, type KubeflowSandbox } from '../../../src/sandbox/kubeflow/sandbox.ts';
import { createHandClock, type HandClock } from '../../support/hand-clock.ts';

/** An answer, read. */
export interface Got {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON, loosely typed for tests; text where it is none. */
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any
}

/** What an upload says about itself. */
export interface UploadOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly fileName?: string;
  readonly field?: string;
  readonly path?: 'upload' | 'upload_version';
}

/** A Kubeflow server on a clock that stands still. */
export interface KubeflowWorld {
  readonly kubeflow: KubeflowSandbox;
  readonly clock: HandClock;
  /** Below `/apis/v2beta1`, unless the path begins with `/apis`. */
  api(method: string, path: string, body?: unknown, token?: string): Promise<Got>;
  upload(text: string, options?: UploadOptions): Promise<Got>;
  /** Uploads the small pipeline; its ids as a run refers to them. */
  reference(text?: string, name?: string): Promise<{ pipeline_id: string; pipeline_version_id: string }>;
  /** A run of the small pipeline that is there. */
  run(fields?: Readonly<Record<string, unknown>>): Promise<Got>;
  close(): Promise<void>;
}

/** Starts it; reports are not late unless told otherwise. */
export async function startKubeflow(config: Partial<KubeflowConfig> = {}): Promise<KubeflowWorld> {
  const clock = createHandClock();
  const knobs = { reportLagMs: 0, ...config.knobs };
  const kubeflow = await createKubeflowSandbox({ now: () => clock.now(), ...config, knobs });
  return { kubeflow, clock, api, upload, reference, run, close: () => kubeflow.close() };

  async function api(method: string, path: string, body?: unknown, token?: string): Promise<Got> {
    const headers = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    };
    const payload = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body);
    const url = `${kubeflow.url}${path.startsWith('/apis') ? '' : '/apis/v2beta1'}${path}`;
    return read(await fetch(url, { method, headers, body: payload, redirect: 'manual' }));
  }

  async function upload(text: string, options: UploadOptions = {}): Promise<Got> {
    const form = new FormData();
    form.append(options.field ?? 'uploadfile', new Blob([text]), options.fileName ?? 'pipeline.yaml');
    const query = new URLSearchParams(options.query).toString();
    const url = `${kubeflow.url}/apis/v2beta1/pipelines/${options.path ?? 'upload'}?${query}`;
    return read(await fetch(url, { method: 'POST', body: form }));
  }

  async function reference(
    text = smallPipeline,
    name = 'auto-mpg',
  ): Promise<{ pipeline_id: string; pipeline_version_id: string }> {
    const { pipeline_id } = (await upload(text, { query: { name } })).body;
    const { body } = await api('GET', `/pipelines/${pipeline_id}/versions`);
    return { pipeline_id, pipeline_version_id: body.pipeline_versions[0].pipeline_version_id };
  }

  async function run(fields: Readonly<Record<string, unknown>> = {}): Promise<Got> {
    const version = kubeflow.versions()[0] ?? (await reference().then(() => kubeflow.versions()[0]));
    const own = { pipeline_id: version?.pipelineId, pipeline_version_id: version?.id };
    return api('POST', '/runs', {
      display_name: 'production',
      pipeline_version_reference: own,
      runtime_config: { parameters: { trigger: 'data' } },
      ...fields,
    });
  }
}

async function read(response: Response): Promise<Got> {
  const text = await response.text();
  const isJson = response.headers.get('content-type') === 'application/json';
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}

/** A task of the small pipeline. */
function task(name: string, after: readonly string[]): object {
  const inputs = after.map((producer) => [
    producer,
    { taskOutputArtifact: { producerTask: producer, outputArtifactKey: 'data' } },
  ]);
  return {
    taskInfo: { name },
    componentRef: { name: `comp-${name}` },
    dependentTasks: after,
    inputs: { artifacts: Object.fromEntries(inputs) },
  };
}

/** The small pipeline as an object: prepare, train, evaluate, one after the other; `trigger` must be given. */
export const small = {
  pipelineInfo: { name: 'auto-mpg' },
  schemaVersion: '2.1.0',
  sdkVersion: 'kfp-2.15.2',
  components: {
    'comp-prepare': { executorLabel: 'exec' },
    'comp-train': { executorLabel: 'exec' },
    'comp-evaluate': { executorLabel: 'exec' },
  },
  deploymentSpec: { executors: { exec: { container: { image: 'python:3.12-slim' } } } },
  root: {
    dag: {
      tasks: {
        evaluate: task('evaluate', ['train']),
        prepare: task('prepare', []),
        train: task('train', ['prepare']),
      },
    },
    inputDefinitions: {
      parameters: {
        trigger: { parameterType: 'STRING' },
        depth: { parameterType: 'NUMBER_INTEGER', defaultValue: 3 },
        dry: { parameterType: 'BOOLEAN', isOptional: true },
        columns: { parameterType: 'LIST', isOptional: true },
        mode: { parameterType: 'STRING', defaultValue: 'full', literals: ['full', 'quick'] },
      },
    },
  },
};

/** The small pipeline as a package. */
export const smallPipeline = JSON.stringify(small);

/** The small pipeline, changed. */
export function changed(change: (pipeline: typeof small & Record<string, unknown>) => void): string {
  const copy = structuredClone(small);
  change(copy);
  return JSON.stringify(copy);
}
