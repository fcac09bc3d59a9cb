import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listAt, objectAt, textAt, type JsonObject } from '../../../src/sandbox/kubernetes/json.ts';
import { apply, inferenceService, merge, services, startCluster, type Cluster } from './cluster.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
  await cluster.call('POST', services, inferenceService('s3://models/a/'));
});
afterEach(() => cluster.close());

const mpg = `${services}/mpg`;

function version(): string {
  return textAt(cluster.service(), 'metadata', 'resourceVersion') ?? '';
}

function uri(value: string): JsonObject {
  return { spec: { predictor: { model: { storageUri: value } } } };
}

describe('a created service', () => {
  test('has an identity, defaults and an owner of its fields', () => {
    expect(cluster.service()).toMatchObject({
      metadata: {
        generation: 1,
        creationTimestamp: '2026-03-01T12:00:00Z',
        uid: expect.stringMatching(/^[0-9a-f-]{36}$/),
      },
      spec: { predictor: { minReplicas: 1, model: { name: '', modelFormat: { name: 'sklearn' } } } },
    });
    const [entry] = listAt(cluster.service(), 'metadata', 'managedFields');
    expect(entry).toMatchObject({
      manager: 'tester',
      operation: 'Update',
      fieldsV1: { 'f:spec': { 'f:predictor': { 'f:model': { 'f:storageUri': {} } } } },
    });
  });

  test.each([
    ['RawDeployment', 'Standard'],
    ['Serverless', 'Knative'],
  ])('mode %s is written %s', async (mode, expected) => {
    const annotations = { 'serving.kserve.io/deploymentMode': mode };
    const body = inferenceService('s3://models/a/', { metadata: { name: 'other', annotations } });
    const created = await cluster.call('POST', services, body);
    expect(created.body['metadata'].annotations).toEqual({ 'serving.kserve.io/deploymentMode': expected });
  });

  test('the old way of naming a framework is rewritten', async () => {
    const predictor = { model: null, sklearn: { storageUri: 's3://models/a/' } };
    const body = { ...inferenceService('', { metadata: { name: 'old' } }), spec: { predictor } };
    const { status, body: refused } = await cluster.call('POST', services, body);
    expect([status, refused['details'].causes[0].field]).toEqual([422, 'spec.predictor.model']);
    const right = { ...body, spec: { predictor: { sklearn: { storageUri: 's3://models/a/' } } } };
    const created = await cluster.call('POST', services, right);
    expect(created.body['spec'].predictor.model).toMatchObject({
      modelFormat: { name: 'sklearn' },
      storageUri: 's3://models/a/',
    });
  });

  test('cannot be created twice', async () => {
    const { status, body } = await cluster.call('POST', services, inferenceService('s3://models/a/'));
    expect([status, body['reason'], body['details'].kind]).toEqual([
      409,
      'AlreadyExists',
      'inferenceservices',
    ]);
  });
});

describe('optimistic concurrency', () => {
  test('a patch with the version it was made for is refused once that is not the live one', async () => {
    const metadata = { resourceVersion: version() };
    const first = await cluster.call('PATCH', mpg, { ...uri('s3://models/b/'), metadata }, merge);
    expect([first.status, first.body['metadata'].generation]).toEqual([200, 2]);
    const second = await cluster.call('PATCH', mpg, { ...uri('s3://models/c/'), metadata }, merge);
    expect([second.status, second.body['reason'], second.body['kind']]).toEqual([409, 'Conflict', 'Status']);
    expect((await cluster.call('PATCH', mpg, uri('s3://models/c/'), merge)).status).toBe(200);
  });

  test('the controller’s status makes versions too, and no generations', async () => {
    const metadata = { resourceVersion: version() };
    await cluster.pass(10_000);
    const late = await cluster.call('PATCH', mpg, { ...uri('s3://models/b/'), metadata }, merge);
    expect([late.status, objectAt(cluster.service(), 'metadata')['generation']]).toEqual([409, 1]);
  });

  test('PUT needs the version; what changes nothing makes none', async () => {
    const live = cluster.service();
    const { resourceVersion: _gone, ...metadata } = objectAt(live, 'metadata');
    expect((await cluster.call('PUT', mpg, { ...live, metadata })).status).toBe(422);
    const same = await cluster.call('PUT', mpg, live);
    expect([same.status, same.body['metadata'].resourceVersion]).toEqual([200, version()]);
    const stale = { ...live, metadata: { ...metadata, resourceVersion: '1' } };
    expect((await cluster.call('PUT', mpg, stale)).status).toBe(409);
  });

  test('DELETE with another uid is refused', async () => {
    const refused = await cluster.call('DELETE', mpg, { preconditions: { uid: 'another' } });
    expect([refused.status, refused.body['reason']]).toEqual([409, 'Conflict']);
  });
});

test('the status changes only through its subresource, and the specification only without', async () => {
  const status = { url: 'http://written' };
  await cluster.call('PATCH', mpg, { status }, merge);
  expect(cluster.service()['status']).not.toEqual(status);
  const both = await cluster.call('PATCH', `${mpg}/status`, { ...uri('s3://models/x/'), status }, merge);
  expect([both.status, both.body['status'], both.body['spec'].predictor.model.storageUri]).toEqual([
    200,
    expect.objectContaining(status),
    's3://models/a/',
  ]);
});

describe('content types', () => {
  test('strategic merge is no way to patch a custom resource', async () => {
    const type = { 'content-type': 'application/strategic-merge-patch+json' };
    const { status, body } = await cluster.call('PATCH', mpg, uri('s3://models/b/'), type);
    expect([status, body['reason']]).toEqual([415, 'UnsupportedMediaType']);
  });

  test('a JSON patch is a list', async () => {
    const type = { 'content-type': 'application/json-patch+json' };
    expect((await cluster.call('PATCH', mpg, uri('s3://models/b/'), type)).status).toBe(400);
    const path = '/spec/predictor/model/storageUri';
    const operations = [
      { op: 'test', path, value: 's3://models/a/' },
      { op: 'replace', path, value: 's3://models/b/' },
    ];
    const done = await cluster.call('PATCH', mpg, operations, type);
    expect([done.status, done.body['spec'].predictor.model.storageUri]).toEqual([200, 's3://models/b/']);
    expect((await cluster.call('PATCH', mpg, operations, type)).status).toBe(422);
  });
});

test('a dry run answers what would be, and writes nothing', async () => {
  const before = version();
  const { body } = await cluster.call('PATCH', `${mpg}?dryRun=All`, uri('s3://models/b/'), merge);
  expect(body['spec'].predictor.model.storageUri).toBe('s3://models/b/');
  expect([version(), cluster.list('inferenceservices').length]).toEqual([before, 1]);
});

describe('server-side apply', () => {
  const configuration = (storageUri: string): object => ({
    apiVersion: 'serving.kserve.io/v1beta1',
    kind: 'InferenceService',
    metadata: { name: 'mpg' },
    spec: { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri } } },
  });

  test('conflicts with the fields of another manager, unless forced', async () => {
    const path = `${mpg}?fieldManager=argocd`;
    const refused = await cluster.call('PATCH', path, configuration('s3://models/b/'), apply);
    expect([refused.status, refused.body['details'].causes]).toEqual([
      409,
      [
        {
          reason: 'FieldManagerConflict',
          message: 'conflict with "tester" using serving.kserve.io/v1beta1',
          field: '.spec.predictor.model.storageUri',
        },
      ],
    ]);
    expect(
      (await cluster.call('PATCH', `${path}&force=true`, configuration('s3://models/b/'), apply)).status,
    ).toBe(200);
    const again = version();
    await cluster.call('PATCH', path, configuration('s3://models/b/'), apply);
    expect(version()).toBe(again);
    const other = await cluster.call(
      'PATCH',
      `${mpg}?fieldManager=flux`,
      configuration('s3://models/c/'),
      apply,
    );
    expect(other.body['details'].causes[0].message).toContain('"argocd"');
  });

  test('removes what its manager applied before and leaves out now, and creates what is not there', async () => {
    const path = `${services}/new?fieldManager=argocd`;
    const base = { apiVersion: 'serving.kserve.io/v1beta1', kind: 'InferenceService' };
    const spec = { predictor: { model: { modelFormat: { name: 'sklearn' }, storageUri: 's3://models/a/' } } };
    const first = { ...base, metadata: { name: 'new', labels: { team: 'a' } }, spec };
    const created = await cluster.call('PATCH', path, first, apply);
    const again = await cluster.call('PATCH', path, first, apply);
    expect([created.status, again.status, again.body]).toEqual([201, 200, created.body]);
    const second = await cluster.call('PATCH', path, { ...base, metadata: { name: 'new' }, spec }, apply);
    expect([second.status, second.body['metadata'].labels]).toEqual([200, undefined]);
  });

  test('needs the name of its manager', async () => {
    expect((await cluster.call('PATCH', mpg, configuration('s3://models/b/'), apply)).status).toBe(422);
  });
});

test('a foreign edit is another manager’s, with what marks its owner', async () => {
  const annotations = { 'argocd.argoproj.io/tracking-id': 'mpg:serving.kserve.io/InferenceService:ml/mpg' };
  await cluster.edit(
    'ml',
    'mpg',
    { metadata: { annotations }, ...uri('s3://models/z/') },
    'argocd-controller',
  );
  const owners = listAt(cluster.service(), 'metadata', 'managedFields').map(
    (one) => objectAt(one)['manager'],
  );
  expect(owners).toEqual(['tester', 'argocd-controller']);
  expect(cluster.service()).toMatchObject({ metadata: { annotations, generation: 2 } });
});
