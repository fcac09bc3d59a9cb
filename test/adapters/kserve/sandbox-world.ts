import type { KubernetesConfig } from '../../../src/sandbox/kubernetes/config.ts';
import type { JsonObject } from '../../../src/sandbox/kubernetes/json.ts';
import { createKubernetesSandbox, type KubernetesSandbox } from '../../../src/sandbox/kubernetes/sandbox.ts';
import type { KserveConfig } from '../../../src/adapters/kserve/config.ts';
import type { ServingWorld } from '../../contracts/serving.ts';
import { openServing } from './kserve-world.ts';

/** The stand-in on a clock of its own, with the adapter. */
export interface SandboxWorld extends ServingWorld {
  readonly sandbox: KubernetesSandbox;
  /** Lets time pass, and the controllers work. */
  pass(ms: number): Promise<void>;
}

/** Longer than any rollout that goes on, shorter than a progress deadline. */
const aWhileMs = 60_000;

/** A cluster with KServe in memory. */
export async function createSandboxWorld(
  config: KubernetesConfig = {},
  more: (sandbox: KubernetesSandbox) => Partial<KserveConfig> = () => ({}),
): Promise<SandboxWorld> {
  let now = Date.UTC(2026, 4, 4, 10);
  let count = 0;
  const sandbox = await createKubernetesSandbox({ now: () => new Date(now), ...config });
  const cluster = { kind: 'given', url: sandbox.url, token: undefined, ca: undefined } as const;
  const open = openServing(cluster, more(sandbox));

  async function pass(ms: number): Promise<void> {
    now += ms;
    await sandbox.settle();
  }

  async function roll(service: string, failLoad: string | undefined): Promise<void> {
    sandbox.script('serving', service, { failLoad });
    await pass(aWhileMs);
  }

  async function apply(service: string, predictor: unknown, metadata: object = {}): Promise<void> {
    const answer = await fetch(
      `${sandbox.url}/apis/serving.kserve.io/v1beta1/namespaces/serving/inferenceservices?fieldManager=kubectl-create`,
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          apiVersion: 'serving.kserve.io/v1beta1',
          kind: 'InferenceService',
          metadata: { name: service, ...metadata },
          spec: { predictor },
        }),
      },
    );
    if (!answer.ok) throw new Error(await answer.text());
  }

  return {
    sandbox,
    serving: open.serving,
    pass,
    fresh: () => `auto-${(count += 1)}`,
    apply,
    async edit(service, patch, manager) {
      const fields: JsonObject = JSON.parse(JSON.stringify(patch));
      await sandbox.edit('serving', service, fields, manager);
    },
    async stored(service) {
      return sandbox.get('inferenceservices', 'serving', service) ?? {};
    },
    bringUp: (service) => roll(service, undefined),
    breakDown: (service, message) => roll(service, message),
    async close() {
      await open.close();
      await sandbox.close();
    },
  };
}
