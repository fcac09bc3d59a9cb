import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAt, objectAt, textAt, type Json } from '../../../src/sandbox/kubernetes/json.ts';
import { inferenceService, merge, predictorPatch, services, startCluster, type Cluster } from './cluster.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
});
afterEach(() => cluster.close());

function condition(type: string): Json | undefined {
  const found = listAt(cluster.service(), 'status', 'conditions').find((one) => textAt(one, 'type') === type);
  return textAt(found, 'status');
}

function predictor(): Readonly<Record<string, Json>> {
  return objectAt(cluster.service(), 'status', 'components', 'predictor');
}

function model(): readonly unknown[] {
  const status = objectAt(cluster.service(), 'status', 'modelStatus');
  return [status['transitionStatus'], textAt(status, 'states', 'targetModelState')];
}

function traffic(): readonly unknown[] {
  return listAt(predictor(), 'traffic').map((one) => {
    const { revisionName, percent, tag } = objectAt(one);
    return [revisionName, percent, ...(tag === undefined ? [] : [tag])];
  });
}

async function patch(spec: Parameters<typeof predictorPatch>[0]): Promise<void> {
  const { status, body } = await cluster.call('PATCH', `${services}/mpg`, predictorPatch(spec), merge);
  expect([status, body['message']]).toEqual([200, undefined]);
}

async function deploy(uri = 's3://models/a/'): Promise<void> {
  const { status } = await cluster.call('POST', services, inferenceService(uri));
  expect(status).toBe(201);
  await cluster.pass(10_000);
  expect(condition('Ready')).toBe('True');
}

const one = 'mpg-predictor-00001';
const two = 'mpg-predictor-00002';
const three = 'mpg-predictor-00003';

describe('a first deployment', () => {
  test('goes through its states as time passes', async () => {
    await cluster.call('POST', services, inferenceService('s3://models/a/'));
    const seen: unknown[] = [];
    for (const ms of [0, 1_000, 2_500, 2_500, 500]) {
      await cluster.pass(ms);
      seen.push([condition('Ready'), ...model(), predictor()['latestReadyRevision']]);
    }
    expect(seen).toEqual([
      [undefined, undefined, undefined, undefined],
      ['Unknown', 'InProgress', 'Loading', undefined],
      ['Unknown', 'InProgress', 'Pending', undefined],
      ['Unknown', 'InProgress', 'Pending', one],
      ['True', 'UpToDate', 'Loaded', one],
    ]);
    expect(cluster.service()['status']).toMatchObject({
      deploymentMode: 'Knative',
      clusterServingRuntimeName: 'kserve-sklearnserver',
      url: `${cluster.gatewayUrl}/serving/ml/mpg`,
    });
    expect(predictor()).toMatchObject({ latestCreatedRevision: one, latestRolledoutRevision: one });
  });

  test('ignores a canary percentage', async () => {
    const body = inferenceService('s3://models/a/', { predictor: { canaryTrafficPercent: 10 } });
    await cluster.call('POST', services, body);
    await cluster.pass(10_000);
    // The percentage is written down once something is rolled out; both sides are the only revision.
    expect(traffic()).toEqual([
      [one, 10],
      [one, 90, 'prev'],
    ]);
    expect(predictor()['latestRolledoutRevision']).toBe(one);
  });

  test('of a format without a runtime is an InvalidSpec, and nothing is made', async () => {
    await cluster.close();
    cluster = await startCluster({ formats: ['xgboost'] });
    await cluster.call('POST', services, inferenceService('s3://models/a/'));
    await cluster.pass(10_000);
    expect(model()).toEqual(['InvalidSpec', 'FailedToLoad']);
    expect(cluster.list('revisions')).toEqual([]);
  });
});

describe('a new model', () => {
  test('is not there at first, though all is Ready; then Unknown; then the new revision has everything', async () => {
    await deploy();
    const annotations = { 'modelgate.dev/release': 'r2' };
    await patch({ model: { storageUri: 's3://models/b/' }, annotations });
    expect([condition('Ready'), predictor()['latestCreatedRevision']]).toEqual(['True', one]);
    await cluster.pass(1_000);
    expect([condition('Ready'), predictor()['latestCreatedRevision'], traffic()]).toEqual([
      'Unknown',
      two,
      [[one, 100]],
    ]);
    await cluster.pass(5_500);
    expect([condition('Ready'), traffic(), model()]).toEqual(['True', [[two, 100]], ['UpToDate', 'Loaded']]);
    expect(predictor()).toMatchObject({ latestRolledoutRevision: two, previousRolledoutRevision: one });
    const revision = cluster.get('revisions', 'ml', two);
    expect(objectAt(revision, 'metadata', 'annotations')).toMatchObject(annotations);
    expect(cluster.list('pods', 'ml').map((pod) => objectAt(pod, 'metadata', 'annotations'))).toEqual([
      annotations,
    ]);
  });

  test('the observed generation is the child’s and says nothing about the change', async () => {
    await deploy();
    const before = objectAt(cluster.service(), 'status')['observedGeneration'];
    await patch({ model: { storageUri: 's3://models/b/' } });
    expect(objectAt(cluster.service(), 'metadata')['generation']).toBe(2);
    expect([before, objectAt(cluster.service(), 'status')['observedGeneration']]).toEqual([3, 3]);
  });

  test('that fails to load leaves the old one serving, and the failure is never forgotten', async () => {
    await deploy();
    cluster.script('ml', 'mpg', { failLoad: 'unpickling failed' });
    await patch({ model: { storageUri: 's3://models/b/' } });
    await cluster.pass(10_000);
    expect([condition('Ready'), model(), traffic()]).toEqual([
      'False',
      ['BlockedByFailedLoad', 'FailedToLoad'],
      [[one, 100]],
    ]);
    const failure = { reason: 'ModelLoadFailed', message: 'unpickling failed', exitCode: 1 };
    expect(objectAt(cluster.service(), 'status', 'modelStatus')['lastFailureInfo']).toEqual(failure);
    cluster.script('ml', 'mpg', {});
    await patch({ model: { storageUri: 's3://models/a/' } });
    await cluster.pass(10_000);
    expect([condition('Ready'), model(), traffic()]).toEqual([
      'True',
      ['UpToDate', 'Loaded'],
      [[three, 100]],
    ]);
    expect(objectAt(cluster.service(), 'status', 'modelStatus')['lastFailureInfo']).toEqual(failure);
  });

  test('that never becomes ready misses its deadline', async () => {
    await deploy();
    cluster.script('ml', 'mpg', { never: true });
    const annotations = { 'serving.knative.dev/progress-deadline': '2m' };
    await patch({ model: { storageUri: 's3://models/b/' }, annotations });
    await cluster.pass(120_000);
    expect(condition('Ready')).toBe('Unknown');
    await cluster.pass(1_000);
    expect(condition('Ready')).toBe('False');
    const conditions = listAt(cluster.get('revisions', 'ml', two), 'status', 'conditions');
    expect(conditions).toContainEqual(
      expect.objectContaining({ type: 'Ready', status: 'False', reason: 'ProgressDeadlineExceeded' }),
    );
  });

  test('may fail first and load after all', async () => {
    await deploy();
    cluster.script('ml', 'mpg', { hiccup: { message: 'store not reachable', forMs: 30_000 } });
    await patch({ model: { storageUri: 's3://models/b/' } });
    await cluster.pass(10_000);
    expect(model()).toEqual(['BlockedByFailedLoad', 'FailedToLoad']);
    await cluster.pass(30_000);
    expect([condition('Ready'), model()]).toEqual(['True', ['UpToDate', 'Loaded']]);
  });

  test('may be Ready before modelStatus says so, and Unknown once more afterwards', async () => {
    await deploy();
    cluster.script('ml', 'mpg', { modelStatusMs: 5_000, blip: { afterMs: 10_000, forMs: 2_000 } });
    await patch({ model: { storageUri: 's3://models/b/' } });
    const seen: unknown[] = [];
    for (const ms of [7_000, 5_000, 5_000, 3_000]) {
      await cluster.pass(ms);
      seen.push([condition('Ready'), model()[0]]);
    }
    expect(seen).toEqual([
      ['True', 'InProgress'],
      ['True', 'UpToDate'],
      ['Unknown', 'InProgress'],
      ['True', 'UpToDate'],
    ]);
  });
});

describe('a canary', () => {
  beforeEach(async () => {
    await deploy();
    await patch({ model: { storageUri: 's3://models/b/' }, canaryTrafficPercent: 10 });
  });

  test('shows the old revision on both sides until the new one is ready', async () => {
    await cluster.pass(2_000);
    expect(traffic()).toEqual([
      [one, 10],
      [one, 90, 'prev'],
    ]);
    await cluster.pass(5_000);
    expect(traffic()).toEqual([
      [two, 10],
      [one, 90, 'prev'],
    ]);
    expect(predictor()['latestRolledoutRevision']).toBe(one);
  });

  test('steps and is promoted without a new revision', async () => {
    await cluster.pass(10_000);
    await patch({ canaryTrafficPercent: 50 });
    await cluster.pass(10_000);
    expect(traffic()).toEqual([
      [two, 50],
      [one, 50, 'prev'],
    ]);
    await patch({ canaryTrafficPercent: null });
    await cluster.pass(10_000);
    expect(traffic()).toEqual([[two, 100]]);
    expect(predictor()).toMatchObject({ latestCreatedRevision: two, latestRolledoutRevision: two });
  });

  test('is stopped by 0, and taken back by the old specification in a third revision', async () => {
    await cluster.pass(10_000);
    await patch({ canaryTrafficPercent: 0 });
    await cluster.pass(10_000);
    expect(traffic()).toEqual([
      [two, 0],
      [one, 100, 'prev'],
    ]);
    await patch({ canaryTrafficPercent: null, model: { storageUri: 's3://models/a/' } });
    await cluster.pass(3_000);
    // Until the third revision is ready, all traffic goes to the latest ready one: the one that was stopped.
    expect(traffic()).toEqual([[two, 100]]);
    await cluster.pass(10_000);
    expect(traffic()).toEqual([[three, 100]]);
  });

  test('is swapped back by 0 after its promotion', async () => {
    await cluster.pass(10_000);
    await patch({ canaryTrafficPercent: null });
    await cluster.pass(10_000);
    await patch({ canaryTrafficPercent: 0 });
    await cluster.pass(10_000);
    expect(traffic()).toEqual([
      [two, 0],
      [one, 100, 'prev'],
    ]);
    expect(predictor()).toMatchObject({ latestRolledoutRevision: one, latestCreatedRevision: two });
  });
});

test('deleting a service takes its children along; a new one of its name starts anew', async () => {
  await deploy();
  expect((await cluster.call('DELETE', `${services}/mpg`)).status).toBe(200);
  expect([...cluster.list('revisions'), ...cluster.list('pods')]).toEqual([]);
  await cluster.call('POST', services, inferenceService('s3://models/b/'));
  expect(cluster.service()['status']).toBeUndefined();
  await cluster.pass(10_000);
  expect(predictor()['latestReadyRevision']).toBe(one);
});
