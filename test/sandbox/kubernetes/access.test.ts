import { afterEach, expect, test } from 'vitest';
import type { Account } from '../../../src/sandbox/kubernetes/api/access.ts';
import { inferenceService, merge, services, startCluster, type Cluster } from './cluster.ts';

let cluster: Cluster;
afterEach(() => cluster.close());

const reader: Account = {
  user: 'system:serviceaccount:ci:reader',
  rules: [
    {
      verbs: ['get', 'list', 'watch'],
      groups: ['serving.kserve.io'],
      resources: ['inferenceservices'],
      namespaces: ['ml'],
    },
  ],
};
const bearer = { authorization: 'Bearer read-token' };

async function withTokens(): Promise<void> {
  cluster = await startCluster({ tokens: { 'read-token': reader } });
}

test('without a token, or with a wrong one: 401', async () => {
  await withTokens();
  for (const headers of [{}, { authorization: 'Bearer wrong' }]) {
    const { status, body } = await cluster.call('GET', services, undefined, headers);
    expect([status, body['reason'], body['kind']]).toEqual([401, 'Unauthorized', 'Status']);
  }
});

test('what the rules do not allow: 403, in the words of RBAC', async () => {
  await withTokens();
  expect((await cluster.call('GET', services, undefined, bearer)).status).toBe(200);
  const refused = await cluster.call('PATCH', `${services}/mpg`, {}, { ...merge, ...bearer });
  expect([refused.status, refused.body['message']]).toEqual([
    403,
    'inferenceservices.serving.kserve.io "mpg" is forbidden: User "system:serviceaccount:ci:reader" cannot patch resource "inferenceservices" in API group "serving.kserve.io" in the namespace "ml"',
  ]);
  expect(cluster.requests.at(-1)).toMatchObject({ verb: 'patch', user: reader.user, status: 403 });
  const other = services.replace('/ml/', '/other/');
  expect((await cluster.call('GET', other, undefined, bearer)).status).toBe(403);
});

test.each([
  ['get', 'ml', true],
  ['patch', 'ml', false],
  ['get', 'other', false],
])('a review of %s in %s answers %s', async (verb, namespace, allowed) => {
  await withTokens();
  const resourceAttributes = { verb, namespace, group: 'serving.kserve.io', resource: 'inferenceservices' };
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  const { status, body } = await cluster.call('POST', path, { spec: { resourceAttributes } }, bearer);
  expect([status, body['status'].allowed]).toEqual([201, allowed]);
});

test('discovery names the groups that the cluster has', async () => {
  for (const knative of [true, false]) {
    cluster = await startCluster({ knative });
    const { body } = await cluster.call('GET', '/apis');
    const names = body['groups'].map((group: { name: string }) => group.name);
    expect([names.includes('serving.kserve.io'), names.includes('serving.knative.dev')]).toEqual([
      true,
      knative,
    ]);
    expect((await cluster.call('GET', '/apis/serving.knative.dev/v1')).status).toBe(knative ? 200 : 404);
    const list = await cluster.call('GET', '/apis/serving.kserve.io/v1beta1');
    expect(list.body['resources'].map((one: { name: string }) => one.name)).toContain(
      'inferenceservices/status',
    );
    expect((await cluster.call('GET', '/version')).body['gitVersion']).toMatch(/^v1\./);
    if (knative) await cluster.close();
  }
});

test('paths, names and namespaces that are not there', async () => {
  cluster = await startCluster({ namespaces: ['ml'] });
  const missing = await cluster.call('GET', `${services}/none`);
  expect([missing.status, missing.body['message']]).toEqual([
    404,
    'inferenceservices.serving.kserve.io "none" not found',
  ]);
  expect(
    (await cluster.call('GET', '/apis/serving.kserve.io/v1/namespaces/ml/inferenceservices')).status,
  ).toBe(404);
  const other = await cluster.call(
    'POST',
    services.replace('/ml/', '/other/'),
    inferenceService('s3://m/a/', { metadata: { namespace: 'other' } }),
  );
  expect([other.status, other.body['message']]).toEqual([404, 'namespaces "other" not found']);
  const wrong = inferenceService('s3://m/a/', { metadata: { namespace: 'other' } });
  expect((await cluster.call('POST', services, wrong)).status).toBe(400);
  expect((await cluster.call('POST', services, { ...wrong, kind: 'Service' })).status).toBe(400);
});

test('workflows are read by label, pods have logs, leases are written with their version', async () => {
  cluster = await startCluster();
  const metadata = { name: 'run-1', namespace: 'kubeflow', labels: { 'pipeline/runid': 'r1' } };
  cluster.seed({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Workflow',
    metadata,
    status: { phase: 'Running' },
  });
  cluster.seed({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'run-1-train', namespace: 'kubeflow' } });
  cluster.setLog('kubeflow', 'run-1-train', 'one\ntwo\nthree\n');
  const workflows = '/apis/argoproj.io/v1alpha1/namespaces/kubeflow/workflows';
  const found = await cluster.call('GET', `${workflows}?labelSelector=pipeline%2Frunid%3Dr1`);
  expect(found.body['items'][0].status.phase).toBe('Running');
  expect((await cluster.call('DELETE', `${workflows}/run-1`)).status).toBe(405);
  const log = await cluster.call(
    'GET',
    '/api/v1/namespaces/kubeflow/pods/run-1-train/log?container=main&tailLines=2',
  );
  expect(log.body['text']).toBe('two\nthree\n');
  const leases = '/apis/coordination.k8s.io/v1/namespaces/ml/leases';
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'l' },
    spec: { holderIdentity: 'a' },
  };
  const { body } = await cluster.call('POST', leases, lease);
  const taken = { ...body, spec: { holderIdentity: 'b' } };
  expect((await cluster.call('PUT', `${leases}/l`, taken)).status).toBe(200);
  expect((await cluster.call('PUT', `${leases}/l`, taken)).status).toBe(409);
});
