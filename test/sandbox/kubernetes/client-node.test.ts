import {
  ApiException,
  AuthorizationV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  KubeConfig,
  PatchStrategy,
  setHeaderOptions,
  VersionApi,
  Watch,
} from '@kubernetes/client-node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { everybody } from '../../../src/sandbox/kubernetes/api/access.ts';
import { inferenceService, startCluster, type Cluster } from './cluster.ts';

const group = 'serving.kserve.io';
const place = { group, version: 'v1beta1', namespace: 'ml', plural: 'inferenceservices' };
const named = { ...place, name: 'mpg' };
const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch);

let cluster: Cluster;
let config: KubeConfig;
let custom: CustomObjectsApi;

beforeEach(async () => {
  cluster = await startCluster({ tokens: { secret: { ...everybody, user: 'modelgate' } } });
  config = configFor('secret');
  custom = config.makeApiClient(CustomObjectsApi);
});
afterEach(() => cluster.close());

function configFor(token: string): KubeConfig {
  const made = new KubeConfig();
  made.loadFromString(JSON.stringify(cluster.kubeconfig(token)));
  return made;
}

async function codeOf(call: Promise<unknown>): Promise<unknown> {
  const error: unknown = await call.catch((thrown: unknown) => thrown);
  return error instanceof ApiException ? error.code : error;
}

test('creates, reads, patches with an optimistic lock, applies, lists and deletes', async () => {
  const created = await custom.createNamespacedCustomObject({
    ...place,
    body: inferenceService('s3://m/a/'),
    fieldManager: 'modelgate',
  });
  const { resourceVersion } = created.metadata;
  const body = { metadata: { resourceVersion }, spec: { predictor: { model: { storageUri: 's3://m/b/' } } } };
  const patched = await custom.patchNamespacedCustomObject(
    { ...named, body, fieldManager: 'modelgate' },
    mergePatch,
  );
  expect(patched.spec.predictor.model.storageUri).toBe('s3://m/b/');
  expect(patched.metadata.managedFields[0].manager).toBe('modelgate');
  expect(await codeOf(custom.patchNamespacedCustomObject({ ...named, body }, mergePatch))).toBe(409);
  expect(await codeOf(custom.patchNamespacedCustomObject({ ...named, body }))).toBe(400);
  const applying = setHeaderOptions('Content-Type', PatchStrategy.ServerSideApply);
  const applied = { ...inferenceService('s3://m/c/'), metadata: { name: 'mpg' } };
  const own = { ...named, body: applied, fieldManager: 'argocd' };
  expect(await codeOf(custom.patchNamespacedCustomObject(own, applying))).toBe(409);
  expect(
    (await custom.patchNamespacedCustomObject({ ...own, force: true }, applying)).spec.predictor.model
      .storageUri,
  ).toBe('s3://m/c/');
  const list = await custom.listNamespacedCustomObject({ ...place, labelSelector: '!team' });
  expect(list.items).toHaveLength(1);
  await custom.deleteNamespacedCustomObject(named);
  expect(await codeOf(custom.getNamespacedCustomObject(named))).toBe(404);
});

test('is turned away with a wrong token', async () => {
  const other = configFor('wrong').makeApiClient(CustomObjectsApi);
  expect(await codeOf(other.getNamespacedCustomObject(named))).toBe(401);
});

test('watches, and is told when its version is too old', async () => {
  const path = `/apis/${group}/v1beta1/namespaces/ml/inferenceservices`;
  const events: string[] = [];
  const over: unknown[] = [];
  const watching = (resourceVersion: string): Promise<AbortController> =>
    new Watch(config).watch(
      path,
      { allowWatchBookmarks: true, resourceVersion },
      (phase: string, object: { code?: number }) =>
        void events.push(object.code === undefined ? phase : `${phase} ${object.code}`),
      (error: unknown) => void over.push(error),
    );
  const { metadata } = await custom.listNamespacedCustomObject(place);
  await watching(metadata.resourceVersion);
  await custom.createNamespacedCustomObject({ ...place, body: inferenceService('s3://m/a/') });
  await cluster.settle();
  await expect.poll(() => events).toEqual(['ADDED', 'BOOKMARK']);
  cluster.cutWatches();
  await expect.poll(() => over).toEqual([null]);
  cluster.compact();
  await watching(metadata.resourceVersion);
  await expect.poll(() => events.at(-1)).toBe('ERROR 410');
});

test('reads pods and their logs, leases and the version with its typed clients', async () => {
  await custom.createNamespacedCustomObject({ ...place, body: inferenceService('s3://m/a/') });
  cluster.script('ml', 'mpg', { failLoad: 'broken' });
  await cluster.pass(10_000);
  const core = config.makeApiClient(CoreV1Api);
  const { items } = await core.listNamespacedPod({
    namespace: 'ml',
    labelSelector: 'serving.kserve.io/inferenceservice=mpg',
  });
  const pod = items[0]?.metadata?.name ?? '';
  const log = await core.readNamespacedPodLog({ namespace: 'ml', name: pod, container: 'kserve-container' });
  expect(items[0]?.status?.containerStatuses?.[0]?.ready).toBe(false);
  expect(log).toContain('broken');
  const leases = config.makeApiClient(CoordinationV1Api);
  const lease = { metadata: { name: 'l' }, spec: { holderIdentity: 'a' } };
  const made = await leases.createNamespacedLease({ namespace: 'ml', body: lease });
  made.spec = { holderIdentity: 'b' };
  const taken = await leases.replaceNamespacedLease({ namespace: 'ml', name: 'l', body: made });
  expect(taken.metadata?.resourceVersion).not.toBe(made.metadata?.resourceVersion);
  expect((await config.makeApiClient(VersionApi).getCode()).major).toBe('1');
  const resourceAttributes = { verb: 'patch', group, resource: 'inferenceservices', namespace: 'ml' };
  const review = await config
    .makeApiClient(AuthorizationV1Api)
    .createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
  expect(review.status?.allowed).toBe(true);
});
