import { isList, numberAt, objectAt, textAt, valueAt, type JsonObject } from '../json.ts';
import { KubernetesRefusal } from '../refusal.ts';
import { nameOf } from '../api/store.ts';
import { frameworks, modeAnnotation } from './defaults.ts';

/**
 * KServe's validating webhook (specs kubeflow-kserve K02, K03, K05, K08, K10, K11, K13).
 * @throws KubernetesRefusal 403, as the API server passes a denial on.
 */
export function validateService(service: JsonObject, before: JsonObject | undefined): void {
  const problem =
    nameProblem(nameOf(service)) ??
    implementationProblem(service) ??
    storageProblem(service) ??
    replicaProblem(service) ??
    canaryProblem(service) ??
    modeProblem(service, before);
  if (problem === undefined) return;
  const webhook = 'inferenceservice.kserve-webhook-server.validator';
  const message = `admission webhook "${webhook}" denied the request: ${problem}`;
  throw new KubernetesRefusal(403, 'Forbidden', message);
}

function nameProblem(name: string): string | undefined {
  if (/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name)) return undefined;
  return `the InferenceService "${name}" is invalid: a InferenceService name must consist of lower case alphanumeric characters or '-', and must start with alphabetical character`;
}

function implementationProblem(service: JsonObject): string | undefined {
  const predictor = objectAt(service, 'spec', 'predictor');
  const keys = [...Object.keys(frameworks), 'model'].filter((key) => predictor[key] !== undefined);
  const containers = isList(predictor['containers']) && predictor['containers'].length > 0 ? 1 : 0;
  if (keys.length + containers !== 1) {
    return 'exactly one of [Custom, Model] must be specified in component Predictor';
  }
  const named = textAt(predictor, 'model', 'name') ?? '';
  return named === '' ? undefined : 'the model must not have a name of its own';
}

function storageProblem(service: JsonObject): string | undefined {
  const model = objectAt(service, 'spec', 'predictor', 'model');
  const both = model['storageUri'] !== undefined && valueAt(model, 'storage', 'path') !== undefined;
  return both ? 'storage.path and storageUri cannot be specified together' : undefined;
}

function replicaProblem(service: JsonObject): string | undefined {
  const predictor = objectAt(service, 'spec', 'predictor');
  const least = numberAt(predictor, 'minReplicas') ?? 0;
  const most = numberAt(predictor, 'maxReplicas') ?? 0;
  if (least < 0) return 'MinReplicas cannot be less than 0';
  if (most < 0) return 'MaxReplicas cannot be less than 0';
  if (most !== 0 && least > most) return 'MinReplicas cannot be greater than MaxReplicas';
  const parallel = numberAt(predictor, 'containerConcurrency') ?? 0;
  return parallel < 0 ? 'Parallelism cannot be less than 0' : undefined;
}

function canaryProblem(service: JsonObject): string | undefined {
  const percent = numberAt(service, 'spec', 'predictor', 'canaryTrafficPercent');
  if (percent === undefined || (percent >= 0 && percent <= 100)) return undefined;
  return `canaryTrafficPercent ${percent} is not between 0 and 100`;
}

function modeProblem(service: JsonObject, before: JsonObject | undefined): string | undefined {
  const now = textAt(service, 'metadata', 'annotations', modeAnnotation);
  const live = textAt(before, 'status', 'deploymentMode');
  if (live === undefined || now === undefined || now === live) return undefined;
  return `update rejected: deploymentMode cannot be changed from '${live}' to '${now}'`;
}
