import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAt, objectAt, textAt, type Json } from '../../../src/sandbox/kubernetes/json.ts';
import { inferenceService, merge, predictorPatch, services, startCluster, type Cluster } from './cluster.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster({ knative: false });
  await cluster.call('POST', services, inferenceService('s3://models/a/'));
  await cluster.pass(10_000);
});
afterEach(() => cluster.close());

function statusOf(object: Json | undefined, type: string): string | undefined {
  const found = listAt(object, 'status', 'conditions').find((one) => textAt(one, 'type') === type);
  return textAt(found, 'status');
}

function ready(): string | undefined {
  return statusOf(cluster.service(), 'Ready');
}

function model(): Json | undefined {
  return objectAt(cluster.service(), 'status', 'modelStatus')['transitionStatus'];
}

/** generation, observedGeneration, replicas, updated, available, Progressing. */
function deployment(): readonly unknown[] {
  const found = cluster.get('deployments', 'ml', 'mpg-predictor');
  const { observedGeneration, replicas, updatedReplicas, availableReplicas } = objectAt(found, 'status');
  const generation = objectAt(found, 'metadata')['generation'];
  const counts = [generation, observedGeneration, replicas, updatedReplicas, availableReplicas];
  return [...counts, statusOf(found, 'Progressing')];
}

async function newModel(uri: string, more: Parameters<typeof predictorPatch>[0] = {}): Promise<void> {
  const { status } = await cluster.call(
    'PATCH',
    `${services}/mpg`,
    predictorPatch({ model: { storageUri: uri }, ...more }),
    merge,
  );
  expect(status).toBe(200);
}

test('a new model rolls through the Deployment, whose status lags behind its generation', async () => {
  await newModel('s3://models/b/', { annotations: { release: 'r2' } });
  const seen: unknown[] = [[ready(), model(), ...deployment()]];
  for (const ms of [1_000, 500, 4_500, 500]) {
    await cluster.pass(ms);
    seen.push([ready(), model(), ...deployment()]);
  }
  expect(seen).toEqual([
    ['True', 'UpToDate', 3, 3, 1, 1, 1, 'True'],
    ['True', 'InProgress', 4, 3, 1, 1, 1, 'True'],
    ['Unknown', 'InProgress', 4, 4, 2, 1, 1, 'True'],
    ['Unknown', 'InProgress', 4, 4, 2, 1, 2, 'True'],
    ['True', 'UpToDate', 4, 4, 1, 1, 1, 'True'],
  ]);
  const template = objectAt(
    cluster.get('deployments', 'ml', 'mpg-predictor'),
    'spec',
    'template',
    'metadata',
  );
  expect(template['annotations']).toEqual({
    'serving.kserve.io/deploymentMode': 'Standard',
    release: 'r2',
  });
});

test('the service has no revisions, a mode in its annotation and no Knative next to it', async () => {
  expect(objectAt(cluster.service(), 'status', 'components', 'predictor')).not.toHaveProperty('traffic');
  expect(cluster.service()).toMatchObject({
    metadata: { annotations: { 'serving.kserve.io/deploymentMode': 'Standard' } },
    status: { deploymentMode: 'Standard' },
  });
  expect((await cluster.call('GET', '/apis/serving.knative.dev/v1')).status).toBe(404);
});

test('older releases stay Ready while nothing has rolled yet', async () => {
  cluster.script('ml', 'mpg', { staleReady: true, never: true, firstPod: 'old' });
  await newModel('s3://models/b/');
  await cluster.pass(2_000);
  expect([ready(), model(), ...deployment()]).toEqual(['True', 'UpToDate', 4, 4, 2, 1, 1, 'True']);
  await cluster.pass(600_000);
  expect([ready(), ...deployment()]).toEqual(['True', 4, 4, 2, 1, 1, 'False']);
});

test('a broken model: the first pod decides whether modelStatus tells', async () => {
  for (const firstPod of ['old', 'new'] as const) {
    cluster.script('ml', 'mpg', { failLoad: 'no such file', firstPod });
    await newModel(`s3://models/${firstPod}/`);
    await cluster.pass(10_000);
    expect([ready(), model()]).toEqual([
      'Unknown',
      firstPod === 'new' ? 'BlockedByFailedLoad' : 'InProgress',
    ]);
  }
  await cluster.pass(600_000);
  expect(ready()).toBe('False');
  expect(deployment().at(-1)).toBe('False');
});

test('the old specification is back at once: its pods were never gone', async () => {
  cluster.script('ml', 'mpg', { crash: { exitCode: 137, reason: 'OOMKilled' } });
  await newModel('s3://models/b/');
  await cluster.pass(10_000);
  const pods = cluster.list('pods', 'ml');
  const ended = pods
    .flatMap((pod) => listAt(pod, 'status', 'containerStatuses'))
    .map((one) => objectAt(one, 'lastState'));
  expect(ended).toContainEqual({ terminated: { exitCode: 137, reason: 'OOMKilled', message: '' } });
  await newModel('s3://models/a/');
  await cluster.pass(1_500);
  expect([ready(), model(), ...deployment()]).toEqual(['True', 'UpToDate', 5, 5, 1, 1, 1, 'True']);
});

describe('annotations', () => {
  test('disable-auto-update: later edits are ignored while it is Ready', async () => {
    const annotations = { 'serving.kserve.io/disable-auto-update': 'true' };
    await cluster.edit('ml', 'mpg', { metadata: { annotations } }, 'kubectl');
    await newModel('s3://models/b/');
    await cluster.pass(10_000);
    expect(deployment()[0]).toBe(3);
  });

  test('stop: the workload goes', async () => {
    await cluster.edit(
      'ml',
      'mpg',
      { metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } },
      'kubectl',
    );
    await cluster.pass(10_000);
    expect([ready(), statusOf(cluster.service(), 'Stopped'), cluster.list('pods')]).toEqual([
      'False',
      'True',
      [],
    ]);
  });
});
