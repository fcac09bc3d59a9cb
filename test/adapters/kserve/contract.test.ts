import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { createKubernetesSandbox } from '../../../src/sandbox/kubernetes/sandbox.ts';
import { describeServing, type ServingWorld } from '../../contracts/serving.ts';
import { createClusterWorld } from './cluster-world.ts';
import { hasFullCrd, readFullCrd } from './full-crd.ts';
import { createSandboxWorld } from './sandbox-world.ts';

const modes = ['knative', 'standard'] as const;

describeServing('Knative mode', () => createSandboxWorld(), {
  mode: 'knative',
  revisions: true,
  predictions: true,
});

describeServing(
  'Standard mode, behind a shared gateway',
  () =>
    createSandboxWorld({ knative: false, addressing: 'host' }, ({ gatewayUrl }) => ({ gateway: gatewayUrl })),
  { mode: 'standard', revisions: false, predictions: true },
);

for (const mode of modes) {
  describeServing(
    `a cluster without controllers, by kubeconfig, ${mode}`,
    () => createWorldWithoutControllers(mode),
    { mode, revisions: false, predictions: false },
  );
}

/** The stand-in, whose controllers never get to work: what plays them on a real cluster is tried here. */
async function createWorldWithoutControllers(mode: (typeof modes)[number]): Promise<ServingWorld> {
  const defaultMode = mode === 'knative' ? 'Knative' : 'Standard';
  const sandbox = await createKubernetesSandbox({
    defaultMode,
    knobs: { createMs: 86_400_000 },
    ...(hasFullCrd && { crds: { inferenceservices: readFullCrd() } }),
  });
  const folder = await mkdtemp(join(tmpdir(), 'modelgate-cluster-'));
  const kubeconfig = join(folder, 'config');
  await writeFile(kubeconfig, kubeconfigFor(sandbox.url));
  const world = await createClusterWorld({ kubeconfig, namespace: 'serving', mode });
  return {
    ...world,
    async close() {
      await world.close();
      await sandbox.close();
      await rm(folder, { recursive: true });
    },
  };
}

function kubeconfigFor(server: string): string {
  return JSON.stringify({
    'current-context': 'here',
    clusters: [{ name: 'one', cluster: { server, 'insecure-skip-tls-verify': true } }],
    users: [{ name: 'me', user: {} }],
    contexts: [{ name: 'here', context: { cluster: 'one', user: 'me' } }],
  });
}

const { TEST_KUBECONFIG, TEST_KUBE_NAMESPACE = 'default' } = process.env;
describe.skipIf(TEST_KUBECONFIG === undefined)('a real cluster (skipped without TEST_KUBECONFIG)', () => {
  for (const mode of modes) {
    const at = { kubeconfig: TEST_KUBECONFIG ?? '', namespace: TEST_KUBE_NAMESPACE, mode };
    const traits = { mode, revisions: false, predictions: false };
    describeServing(`a real cluster, ${mode}`, () => createClusterWorld(at), traits);
  }
});
