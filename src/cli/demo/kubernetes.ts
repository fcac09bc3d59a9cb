import { objectAt, textAt, isList, type Json } from '../../sandbox/kubernetes/json.ts';
import { createModelLoader } from '../../sandbox/kubernetes/kserve/model-loader.ts';
import { rowModel, type Predict } from '../../sandbox/kubernetes/kserve/model.ts';
import { createKubernetesSandbox, type KubernetesSandbox } from '../../sandbox/kubernetes/sandbox.ts';
import type { S3Sandbox } from '../../sandbox/s3/sandbox.ts';
import { predict } from './regression.ts';

/** Where the InferenceService is. */
export const serving = { namespace: 'serving', service: 'auto-mpg' } as const;

/** A cluster with KServe that loads models from the store, and serves what the runs trained. */
export function startKubernetes(s3: S3Sandbox): Promise<KubernetesSandbox> {
  const load = createModelLoader(
    (uri) => Promise.resolve(list(s3, uri)),
    (address) => Promise.resolve(open(s3, address)),
  );
  return createKubernetesSandbox({
    load,
    namespaces: [serving.namespace],
    knobs: { createMs: 300, loadMs: 1200, trafficMs: 200 },
  });
}

/** The address that the InferenceService loads its model from; undefined: there is no service. */
export function servedUri(kubernetes: KubernetesSandbox): string | undefined {
  const found = kubernetes.get('inferenceservices', serving.namespace, serving.service);
  return textAt(objectAt(found, 'spec', 'predictor', 'model'), 'storageUri');
}

function list(s3: S3Sandbox, uri: string): readonly string[] {
  const { host, pathname } = new URL(uri);
  const prefix = pathname.slice(1);
  return s3
    .keys(host)
    .filter((key) => key.startsWith(prefix))
    .map((key) => `s3://${host}/${key}`);
}

function open(s3: S3Sandbox, address: string): Predict {
  const { host, pathname } = new URL(address);
  const weights: Json = JSON.parse(s3.read(host, pathname.slice(1))?.toString('utf8') ?? '[]');
  return rowModel((row) => predict(numbers(weights), numbers(row)));
}

function numbers(value: Json): readonly number[] {
  return isList(value) ? value.map(Number) : [];
}
