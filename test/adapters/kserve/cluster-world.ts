import { randomBytes } from 'node:crypto';
import { CustomObjectsApi, KubeConfig, setHeaderOptions } from '@kubernetes/client-node';
import type { KserveConfig } from '../../../src/adapters/kserve/config.ts';
import type { Fields, ServingWorld } from '../../contracts/serving.ts';
import { openServing } from './kserve-world.ts';
import { createPlayer } from './play-controller.ts';
import { deployments, services, type Requests } from './requests.ts';

/**
 * A cluster that knows InferenceServices and has no controllers: they are played here, by writing what they would write.
 * Whatever is made in the namespace is removed at the end.
 */
export async function createClusterWorld(options: {
  readonly kubeconfig: string;
  readonly namespace: string;
  readonly mode: 'knative' | 'standard';
}): Promise<ServingWorld> {
  const { kubeconfig, namespace, mode } = options;
  const requests = createRequests(kubeconfig, namespace);
  const player = createPlayer(requests, mode);
  const config: Partial<KserveConfig> = { namespace };
  const open = openServing({ kind: 'kubeconfig', path: kubeconfig }, config);
  const run = randomBytes(4).toString('hex');
  const names: string[] = [];
  return {
    serving: open.serving,
    fresh() {
      const name = `auto-${run}-${names.length}`;
      names.push(name);
      return name;
    },
    apply: (name, predictor, metadata = {}) =>
      requests.create(services, {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        metadata: { name, ...metadata },
        spec: { predictor },
      }),
    edit: (name, patch, manager) => requests.patch(services, name, patch, manager),
    stored: (name) => requests.get(services, name),
    bringUp: (name) => player.bringUp(name),
    breakDown: (name, message) => player.breakDown(name, message),
    async close() {
      for (const name of names) {
        await requests.remove(services, name);
        await requests.remove(deployments, `${name}-predictor`);
      }
      await open.close();
    },
  };
}

function createRequests(kubeconfig: string, namespace: string): Requests {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const api = config.makeApiClient(CustomObjectsApi);
  const merge = setHeaderOptions('Content-Type', 'application/merge-patch+json');
  return {
    async get(kind, name) {
      const found: Fields = await api.getNamespacedCustomObject({ ...kind, namespace, name });
      return found;
    },
    async create(kind, body) {
      await api.createNamespacedCustomObject({ ...kind, namespace, body, fieldManager: 'kubectl-create' });
    },
    async patch(kind, name, body, fieldManager = 'manager') {
      await api.patchNamespacedCustomObject({ ...kind, namespace, name, body, fieldManager }, merge);
    },
    async patchStatus(kind, name, status) {
      const body = { status };
      await api.patchNamespacedCustomObjectStatus(
        { ...kind, namespace, name, body, fieldManager: 'manager' },
        merge,
      );
    },
    async remove(kind, name) {
      await api.deleteNamespacedCustomObject({ ...kind, namespace, name }).catch(absent);
    },
  };
}

function absent(thrown: unknown): void {
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 404) return;
  throw thrown;
}
