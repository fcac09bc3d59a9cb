import { isObject, objectAt, textAt, valueAt, withValue, type JsonObject } from '../json.ts';

/** How a predictor is run. */
export type DeploymentMode = 'Knative' | 'Standard';

/** The annotation that names the mode. */
export const modeAnnotation = 'serving.kserve.io/deploymentMode';

const modernNames: Readonly<Record<string, string>> = { Serverless: 'Knative', RawDeployment: 'Standard' };

/** Predictor keys of the time before `model` (specs kubeflow-kserve K04). */
export const frameworks: Readonly<Record<string, string>> = {
  sklearn: 'sklearn',
  xgboost: 'xgboost',
  lightgbm: 'lightgbm',
  tensorflow: 'tensorflow',
  pytorch: 'pytorch',
  onnx: 'onnx',
  pmml: 'pmml',
  triton: 'triton',
  paddle: 'paddle',
  huggingface: 'huggingface',
};

/** KServe's mutating webhook: mode names, the default mode, `predictor.sklearn` to `predictor.model`, replicas. */
export function fillDefaults(service: JsonObject, defaultMode: DeploymentMode): JsonObject {
  const named = withMode(service, defaultMode);
  const modern = withModel(named);
  if (!isObject(valueAt(modern, 'spec', 'predictor'))) return modern;
  if (valueAt(modern, 'spec', 'predictor', 'minReplicas') !== undefined) return modern;
  return withValue(modern, ['spec', 'predictor', 'minReplicas'], 1);
}

/** Knative as the default is not written down, Standard is. */
function withMode(service: JsonObject, defaultMode: DeploymentMode): JsonObject {
  const path = ['metadata', 'annotations', modeAnnotation];
  const asked = textAt(service, ...path);
  if (asked !== undefined) return withValue(service, path, modernNames[asked] ?? asked);
  return defaultMode === 'Knative' ? service : withValue(service, path, defaultMode);
}

function withModel(service: JsonObject): JsonObject {
  const predictor = objectAt(service, 'spec', 'predictor');
  const legacy = Object.keys(frameworks).find((key) => isObject(predictor[key]));
  if (legacy === undefined || predictor['model'] !== undefined) return service;
  const { [legacy]: framework, ...rest } = predictor;
  const model = { modelFormat: { name: frameworks[legacy] ?? legacy }, name: '', ...objectAt(framework) };
  return withValue(service, ['spec', 'predictor'], { ...rest, model });
}

/** The mode of a service after its defaults. */
export function modeOf(service: JsonObject, defaultMode: DeploymentMode): DeploymentMode {
  const named = textAt(service, 'metadata', 'annotations', modeAnnotation);
  return named === 'Knative' || named === 'Standard' ? named : defaultMode;
}
