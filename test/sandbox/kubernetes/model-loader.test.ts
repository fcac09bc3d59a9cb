import { describe, expect, test } from 'vitest';
import { objectAt, textAt } from '../../../src/sandbox/kubernetes/json.ts';
import { createModelLoader } from '../../../src/sandbox/kubernetes/kserve/model-loader.ts';
import { inferenceService, services, startCluster } from './cluster.ts';

function predictor(format: string): Parameters<ReturnType<typeof createModelLoader>>[1] {
  return { model: { modelFormat: { name: format } } };
}

/** Lists as S3 does: by the text of the prefix. */
function loaderOf(...addresses: readonly string[]): ReturnType<typeof createModelLoader> {
  return createModelLoader(async (uri) => addresses.filter((address) => address.startsWith(uri)));
}

describe('the file rule of the runtimes', () => {
  test.each([
    ['sklearn', ['model.pkl'], true],
    ['sklearn', ['model.joblib', 'conda.yaml'], true],
    ['sklearn', ['model.pkl', 'model.joblib'], false],
    ['sklearn', ['model.bst'], false],
    ['sklearn', ['inner/model.pkl'], false],
    ['sklearn', ['cdef0123'], false],
    ['xgboost', ['model.ubj'], true],
    ['xgboost', ['model.json', 'model.bst'], false],
    ['lightgbm', ['model.bst'], true],
    ['lightgbm', ['model.txt'], false],
    ['pmml', ['model.pmml'], true],
    ['triton', ['config.pbtxt', '1/model.onnx'], true],
  ])('%s with %j: %s', async (format, names, ok) => {
    const load = loaderOf(...names.map((name) => `s3://m/v1/${name}`));
    expect((await load('s3://m/v1/', predictor(format))).ok).toBe(ok);
  });

  test('a single object is fetched under its own name', async () => {
    const opened: string[] = [];
    const load = createModelLoader(
      async () => ['s3://m/v1/model.pkl', 's3://m/v1/model.pkl.bak'],
      async (address) => {
        opened.push(address);
        return () => ({ predictions: [] });
      },
    );
    expect((await load('s3://m/v1/model.pkl', predictor('sklearn'))).ok).toBe(true);
    expect(opened).toEqual(['s3://m/v1/model.pkl']);
  });

  test('a prefix without a slash that also begins another model is refused', async () => {
    const load = loaderOf('s3://m/v1/model.pkl', 's3://m/v10/model.pkl');
    expect(await load('s3://m/v1', predictor('sklearn'))).toMatchObject({
      ok: false,
      container: 'storage-initializer',
      message: expect.stringContaining('s3://m/v10/model.pkl'),
    });
    expect((await load('s3://m/v1/', predictor('sklearn'))).ok).toBe(true);
    expect((await load('s3://m/v2/', predictor('sklearn'))).ok).toBe(false);
  });
});

test.each([
  [[], 'RuntimeError: Failed to fetch model. No model found in s3://m/v1/.'],
  [['s3://m/v1/cdef0123'], 'ModelMissingError: Missing Model File.'],
])('with %j in the store the rollout is blocked, and the log tells', async (addresses, message) => {
  const cluster = await startCluster({ load: loaderOf(...addresses) });
  await cluster.call('POST', services, inferenceService('s3://m/v1/'));
  await cluster.pass(10_000);
  expect(objectAt(cluster.service(), 'status', 'modelStatus')).toMatchObject({
    transitionStatus: 'BlockedByFailedLoad',
    lastFailureInfo: { reason: 'ModelLoadFailed', message, exitCode: 1 },
  });
  const pod = textAt(cluster.list('pods', 'ml')[0], 'metadata', 'name');
  const log = await cluster.call('GET', `/api/v1/namespaces/ml/pods/${pod}/log`);
  expect(log.body['text']).toContain(message);
  const events = await cluster.call(
    'GET',
    `/api/v1/namespaces/ml/events?fieldSelector=involvedObject.name%3D${pod}`,
  );
  expect(events.body['items'].map((event: { reason: string }) => event.reason)).toEqual(['BackOff']);
  await cluster.close();
});
