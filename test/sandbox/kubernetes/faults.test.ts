import { afterEach, beforeEach, expect, test } from 'vitest';
import { objectAt, textAt } from '../../../src/sandbox/kubernetes/json.ts';
import { inferenceService, merge, services, startCluster, type Cluster } from './cluster.ts';

let cluster: Cluster;
beforeEach(async () => {
  cluster = await startCluster();
  await cluster.call('POST', services, inferenceService('s3://models/a/'));
});
afterEach(() => cluster.close());

const change = { spec: { predictor: { model: { storageUri: 's3://models/b/' } } } };

function patch(): ReturnType<Cluster['call']> {
  return cluster.call('PATCH', `${services}/mpg`, change, merge);
}

function uri(): string | undefined {
  return textAt(objectAt(cluster.service(), 'spec', 'predictor', 'model'), 'storageUri');
}

test.each([
  [403, 'Forbidden'],
  [409, 'Conflict'],
  [500, 'InternalError'],
  [503, 'ServiceUnavailable'],
] as const)('%i once, and nothing is carried out', async (status, reason) => {
  cluster.fail({ when: ({ verb }) => verb === 'patch', times: 1, fault: { kind: 'status', status } });
  const { status: answered, body } = await patch();
  expect([answered, body['kind'], body['reason'], uri()]).toEqual([
    status,
    'Status',
    reason,
    's3://models/a/',
  ]);
  expect((await patch()).status).toBe(200);
});

test('429 says when to come again', async () => {
  cluster.fail({ when: () => true, times: 1, fault: { kind: 'status', status: 429, retryAfter: 3 } });
  const { status, headers, body } = await patch();
  expect([status, headers.get('retry-after'), body['details']]).toEqual([429, '3', { retryAfterSeconds: 3 }]);
});

test('a lost answer: carried out all the same', async () => {
  cluster.fail({ when: ({ verb }) => verb === 'patch', times: 1, fault: { kind: 'lost' } });
  await expect(patch()).rejects.toThrow('fetch failed');
  expect([uri(), cluster.requests.at(-1)?.status]).toEqual(['s3://models/b/', 0]);
  cluster.fail({ when: ({ verb }) => verb === 'delete', times: 1, fault: { kind: 'lost', status: 504 } });
  expect((await cluster.call('DELETE', `${services}/mpg`)).status).toBe(504);
  expect(cluster.get('inferenceservices', 'ml', 'mpg')).toBeUndefined();
});

test('a dropped or hanging request is not carried out', async () => {
  cluster.fail({ when: () => true, times: 1, fault: { kind: 'drop' } });
  await expect(patch()).rejects.toThrow('fetch failed');
  cluster.fail({ when: () => true, times: 1, fault: { kind: 'hang' } });
  const hanging = patch().then(
    () => 'answered',
    () => 'cut',
  );
  await expect.poll(() => cluster.requests.filter(({ status }) => status === 0).length).toBe(2);
  expect(uri()).toBe('s3://models/a/');
  await cluster.close();
  expect(await hanging).toBe('cut');
});

test('somebody else can be quicker between a read and a write', async () => {
  const { body } = await cluster.call('GET', `${services}/mpg`);
  const edit = { spec: { predictor: { model: { storageUri: 's3://models/foreign/' } } } };
  const done: Promise<unknown>[] = [];
  cluster.fail({
    when: ({ verb }) => {
      if (verb === 'patch' && done.length === 0) done.push(cluster.edit('ml', 'mpg', edit, 'kubectl'));
      return false;
    },
    fault: { kind: 'drop' },
  });
  const metadata = { resourceVersion: body['metadata'].resourceVersion };
  const refused = await cluster.call('PATCH', `${services}/mpg`, { ...change, metadata }, merge);
  await Promise.all(done);
  expect([refused.status, uri()]).toEqual([409, 's3://models/foreign/']);
});
