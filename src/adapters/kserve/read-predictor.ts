import type { ServedModel } from '../../domain/rollout.ts';
import { isObject, listAt, numberAt, textAt, valueAt } from './json.ts';
import { stampAnnotation } from './resources.ts';

/** What a predictor serves, and whether the field that says so is the one we write. */
export interface Predictor {
  readonly model: ServedModel;
  /** The field that says where the model is, when it is not `spec.predictor.model.storageUri`. */
  readonly other: string | undefined;
}

/** Keys of predictors from before `model`; the webhook rewrites them, where there is one (specs kubeflow-kserve 2.11 K04). */
const frameworks = [
  'sklearn',
  'xgboost',
  'tensorflow',
  'pytorch',
  'triton',
  'onnx',
  'huggingface',
  'pmml',
  'lightgbm',
  'paddle',
];

/** Reads `spec.predictor` of an InferenceService, in every way that it may be written. */
export function readPredictor(service: unknown): Predictor {
  const predictor = valueAt(service, 'spec', 'predictor');
  const ours = {
    canaryTrafficPercent: numberAt(predictor, 'canaryTrafficPercent'),
    rolloutId: textAt(predictor, 'annotations', stampAnnotation),
  };
  const nothing = { storageUri: undefined, format: undefined, ...ours };
  const model = valueAt(predictor, 'model');
  if (isObject(model)) {
    const served = {
      storageUri: textAt(model, 'storageUri'),
      format: textAt(model, 'modelFormat', 'name'),
      ...ours,
    };
    if (isObject(model['storage'])) return { model: served, other: 'spec.predictor.model.storage' };
    if (listAt(predictor, 'storageUris').length > 0)
      return { model: served, other: 'spec.predictor.storageUris' };
    return { model: served, other: undefined };
  }
  const framework = frameworks.find((key) => isObject(valueAt(predictor, key)));
  if (framework !== undefined) {
    const storageUri = textAt(predictor, framework, 'storageUri');
    return { model: { storageUri, format: framework, ...ours }, other: `spec.predictor.${framework}` };
  }
  if (listAt(predictor, 'containers').length > 0)
    return { model: nothing, other: 'spec.predictor.containers' };
  return { model: nothing, other: 'nothing at all' };
}
