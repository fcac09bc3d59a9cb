import { request } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { objectAt, textAt } from '../../../src/sandbox/kubernetes/json.ts';
import type { KubernetesConfig } from '../../../src/sandbox/kubernetes/config.ts';
import { rowModel } from '../../../src/sandbox/kubernetes/kserve/model.ts';
import { inferenceService, merge, services, startCluster, type Cluster } from './cluster.ts';

let cluster: Cluster;
afterEach(() => cluster.close());

async function start(config: KubernetesConfig = {}): Promise<void> {
  cluster = await startCluster(config);
  await cluster.call('POST', services, inferenceService('s3://models/a/'));
}

function address(): string {
  return textAt(objectAt(cluster.service(), 'status'), 'url') ?? `${cluster.gatewayUrl}/serving/ml/mpg`;
}

async function post(
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly body: unknown }> {
  const response = await fetch(address() + path, { method: 'POST', body: JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text.startsWith('{') ? JSON.parse(text) : text };
}

const rows = {
  instances: [
    [1, 2],
    [3, 4],
  ],
};
const sum = rowModel((row) =>
  Array.isArray(row) ? row.reduce((all: number, one) => all + Number(one), 0) : 0,
);

describe('a loaded model', () => {
  const config: KubernetesConfig = { load: async () => ({ ok: true, predict: sum }) };

  test('speaks the V1 protocol', async () => {
    await start(config);
    await cluster.pass(10_000);
    expect(await (await fetch(`${address()}/v1/models/mpg`)).json()).toEqual({ name: 'mpg', ready: true });
    expect(await post('/v1/models/mpg:predict', rows)).toEqual({
      status: 200,
      body: { predictions: [3, 7] },
    });
    expect((await post('/v1/models/mpg:predict', { rows: [] })).status).toBe(400);
    expect(await post('/v1/models/other:predict', rows)).toEqual({
      status: 404,
      body: { error: 'Model with name other does not exist.' },
    });
    expect((await fetch(`${address()}/v1/models/mpg:predict`)).status).toBe(405);
  });

  test.each([
    [[1, 2, 3, 4]],
    [
      [
        [1, 2],
        [3, 4],
      ],
    ],
  ])('speaks the V2 protocol, with data %j', async (data) => {
    await start(config);
    await cluster.pass(10_000);
    expect(await (await fetch(`${address()}/v2/health/ready`)).json()).toEqual({ ready: true });
    expect((await fetch(`${address()}/v2/models/mpg/ready`)).status).toBe(200);
    const input = { name: 'input-0', shape: [2, 2], datatype: 'FP64', data };
    const answer = await post('/v2/models/mpg/infer', { id: 'i', inputs: [input] });
    expect(answer).toEqual({
      status: 200,
      body: {
        model_name: 'mpg',
        id: 'i',
        outputs: [{ name: 'output-0', shape: [2], datatype: 'FP64', data: [3, 7] }],
      },
    });
    const wrong = { ...input, shape: [3, 2] };
    expect((await post('/v2/models/mpg/infer', { inputs: [wrong] })).status).toBe(400);
  });
});

test('Knative: no route before a revision is ready; then the old one answers until traffic moves', async () => {
  await start();
  expect((await post('/v1/models/mpg:predict', rows)).status).toBe(404);
  await cluster.pass(10_000);
  const before = await post('/v1/models/mpg:predict', rows);
  await cluster.call(
    'PATCH',
    `${services}/mpg`,
    { spec: { predictor: { model: { storageUri: 's3://models/b/' } } } },
    merge,
  );
  await cluster.pass(6_000);
  expect(await post('/v1/models/mpg:predict', rows)).toEqual(before);
  await cluster.pass(500);
  const after = await post('/v1/models/mpg:predict', rows);
  expect([before.status, after.status, after.body === before.body]).toEqual([200, 200, false]);
  expect(after.body).not.toEqual(before.body);
  const answered = cluster.predictions.filter(({ status }) => status === 200).map(({ revision }) => revision);
  expect(answered).toEqual(['mpg-predictor-00001', 'mpg-predictor-00001', 'mpg-predictor-00002']);
});

test('a canary gets its share of a hundred requests', async () => {
  await start();
  await cluster.pass(10_000);
  const predictor = { model: { storageUri: 's3://models/b/' }, canaryTrafficPercent: 10 };
  await cluster.call('PATCH', `${services}/mpg`, { spec: { predictor } }, merge);
  await cluster.pass(10_000);
  cluster.forgetRequests();
  for (let count = 0; count < 100; count += 1) await post('/v1/models/mpg:predict', rows);
  const canary = cluster.predictions.filter(({ revision }) => revision === 'mpg-predictor-00002');
  expect([cluster.predictions.length, canary.length]).toEqual([100, 10]);
});

test('Standard: 503 once its only pod is gone', async () => {
  await start({ defaultMode: 'Standard' });
  await cluster.pass(10_000);
  expect((await post('/v1/models/mpg:predict', rows)).status).toBe(200);
  await cluster.edit(
    'ml',
    'mpg',
    { metadata: { annotations: { 'serving.kserve.io/stop': 'true' } } },
    'kubectl',
  );
  await cluster.pass(10_000);
  expect(await post('/v1/models/mpg:predict', rows)).toEqual({ status: 503, body: 'no healthy upstream' });
});

test('a shared gateway tells services apart by the Host header of status.url', async () => {
  await start({ addressing: 'host', domain: 'models.test' });
  await cluster.pass(10_000);
  expect(address()).toBe('http://mpg.ml.models.test');
  expect(await statusWith('mpg.ml.models.test')).toBe(200);
  expect(await statusWith('other.ml.models.test')).toBe(404);
  expect(await statusWith('127.0.0.1')).toBe(404);
});

function statusWith(host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(`${cluster.gatewayUrl}/v1/models/mpg`, { headers: { host } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on('error', reject).end();
  });
}

test('predictions can go wrong', async () => {
  await start();
  await cluster.pass(10_000);
  cluster.failPredictions({
    when: () => true,
    times: 1,
    fault: { kind: 'status', status: 500, body: { error: 'x' } },
  });
  expect(await post('/v1/models/mpg:predict', rows)).toEqual({ status: 500, body: { error: 'x' } });
  cluster.failPredictions({ when: () => true, times: 1, fault: { kind: 'drop' } });
  await expect(post('/v1/models/mpg:predict', rows)).rejects.toThrow('fetch failed');
  expect((await post('/v1/models/mpg:predict', rows)).status).toBe(200);
});
