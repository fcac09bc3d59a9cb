import type { Json, JsonObject } from '../json.ts';

const text = { type: 'string' };
const integer = { type: 'integer' };
const number = { type: 'number' };
const bool = { type: 'boolean' };
const texts = { type: 'object', additionalProperties: { type: 'string' } };
const free = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
const quantity = { 'x-kubernetes-int-or-string': true };
const quantities = { type: 'object', additionalProperties: quantity };

function record(properties: JsonObject, required: readonly string[] = []): JsonObject {
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) };
}

function listOf(items: Json): JsonObject {
  return { type: 'array', items };
}

const containerFields = {
  name: text,
  image: text,
  command: listOf(text),
  args: listOf(text),
  env: listOf(record({ name: text, value: text, valueFrom: free }, ['name'])),
  resources: record({ limits: quantities, requests: quantities }),
  ports: listOf(free),
  volumeMounts: listOf(free),
  readinessProbe: free,
  livenessProbe: free,
  startupProbe: free,
  securityContext: free,
  imagePullPolicy: text,
};
const container = record(containerFields);

const modelFields = {
  ...containerFields,
  name: { type: 'string', default: '' },
  modelFormat: record({ name: { type: 'string', default: '' }, version: text }, ['name']),
  runtime: text,
  runtimeVersion: text,
  protocolVersion: text,
  storageUri: text,
  storage: record({ key: text, path: text, schemaPath: text, parameters: texts }),
};
const model = record(modelFields, ['modelFormat']);

const framework = record(modelFields);

const predictor = record({
  name: text,
  model,
  sklearn: framework,
  xgboost: framework,
  lightgbm: framework,
  containers: listOf(container),
  minReplicas: integer,
  maxReplicas: integer,
  scaleTarget: integer,
  scaleMetric: { type: 'string', enum: ['cpu', 'memory', 'concurrency', 'rps'] },
  containerConcurrency: integer,
  timeout: integer,
  canaryTrafficPercent: integer,
  serviceAccountName: text,
  automountServiceAccountToken: bool,
  labels: texts,
  annotations: texts,
  batcher: record({ maxBatchSize: integer, maxLatency: integer, timeout: integer }),
  logger: free,
  deploymentStrategy: free,
  storageUris: listOf(record({ uri: text, mountPath: text })),
  workerSpec: free,
  initContainers: listOf(container),
  volumes: listOf(free),
  tolerations: listOf(free),
  affinity: free,
  nodeSelector: texts,
  imagePullSecrets: listOf(free),
  priorityClassName: text,
  terminationGracePeriodSeconds: number,
  securityContext: free,
});

/** The fields of an InferenceService that we use (specs kubeflow-kserve 5.2), for when no CRD is handed in. */
export const builtInInferenceService: JsonObject = record({
  apiVersion: text,
  kind: text,
  metadata: { type: 'object' },
  spec: record(
    {
      predictor,
      transformer: free,
      explainer: free,
      canary: listOf(record({ predictor: free, trafficPercent: integer })),
    },
    ['predictor'],
  ),
  status: free,
});
