import { createKubernetesSandbox, type KubernetesSandbox } from '../../../src/sandbox/kubernetes/sandbox.ts';
import type { KubernetesConfig } from '../../../src/sandbox/kubernetes/config.ts';
import type { JsonObject } from '../../../src/sandbox/kubernetes/json.ts';
import { handClock, type HandClock } from '../github/hand-clock.ts';

/** A cluster on a clock moved by hand, and a plain HTTP client for it. */
export interface Cluster extends KubernetesSandbox {
  readonly clock: HandClock;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer>;
  /** Moves the clock, then lets the controllers work. */
  pass(ms: number): Promise<void>;
  service(name?: string): JsonObject;
}

export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, any>>; // oxlint-disable-line typescript/no-explicit-any
  readonly headers: Headers;
}

export const services = '/apis/serving.kserve.io/v1beta1/namespaces/ml/inferenceservices';
export const merge = { 'content-type': 'application/merge-patch+json' };
export const apply = { 'content-type': 'application/apply-patch+yaml' };

export async function startCluster(config: KubernetesConfig = {}): Promise<Cluster> {
  const clock = handClock();
  const sandbox = await createKubernetesSandbox({ now: () => clock.now(), ...config });
  return { ...sandbox, clock, call, pass, service: (name = 'mpg') => get(name) };

  async function call(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const type = { 'content-type': 'application/json', 'user-agent': 'tester/1' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(sandbox.url + path, { method, headers: { ...type, ...headers }, ...sent });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return { status: response.status, body: isJson ? JSON.parse(text) : { text }, headers: response.headers };
  }

  async function pass(ms: number): Promise<void> {
    clock.advance(ms);
    await sandbox.settle();
  }

  function get(name: string): JsonObject {
    const found = sandbox.get('inferenceservices', 'ml', name);
    if (found === undefined) throw new Error(`no service ${name}`);
    return found;
  }
}

export function inferenceService(
  storageUri: string,
  more: { readonly predictor?: JsonObject; readonly metadata?: JsonObject } = {},
): JsonObject {
  return {
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'mpg', namespace: 'ml', ...more.metadata },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri }, ...more.predictor } },
  };
}

/** A merge patch of the predictor. */
export function predictorPatch(predictor: JsonObject, metadata?: JsonObject): JsonObject {
  return { ...(metadata === undefined ? {} : { metadata }), spec: { predictor } };
}
