import { textAt, type JsonObject } from '../json.ts';
import type { LoadModel, ModelOutcome, Predict } from './model.ts';

/** The addresses of all objects that begin with an address, as text: the way an S3 prefix matches. */
export type ListObjects = (storageUri: string) => Promise<readonly string[]>;

/** The extensions of model files that the runtimes look for, at the top level (specs kubeflow-kserve 5.6). */
const extensions: Readonly<Record<string, readonly string[]>> = {
  sklearn: ['.joblib', '.pkl', '.pickle'],
  xgboost: ['.bst', '.json', '.ubj'],
  lightgbm: ['.bst'],
  pmml: ['.pmml'],
};

/**
 * A loader that fetches by prefix and picks the file as sklearnserver, xgbserver and lgbserver do: exactly one.
 * `open` turns the address of that file into a model.
 */
export function createModelLoader(
  listObjects: ListObjects,
  open?: (address: string, predictor: JsonObject) => Promise<Predict>,
): LoadModel {
  return async (storageUri, predictor) => {
    if (storageUri === '') return { ok: true };
    const fetched = fetch(storageUri, await listObjects(storageUri));
    if ('ok' in fetched) return fetched;
    const format = textAt(predictor, 'model', 'modelFormat', 'name') ?? '';
    const wanted = extensions[format];
    const found = wanted === undefined ? [...fetched.keys()] : pick([...fetched.keys()], wanted);
    const [first] = found;
    if (first === undefined) return missing();
    if (wanted !== undefined && found.length > 1) return several(found);
    return open === undefined
      ? { ok: true }
      : { ok: true, predict: await open(fetched.get(first) ?? '', predictor) };
  };
}

/** File names below /mnt/models and where they are from, or why nothing was fetched. */
function fetch(storageUri: string, addresses: readonly string[]): ReadonlyMap<string, string> | ModelOutcome {
  if (addresses.includes(storageUri) && !storageUri.endsWith('/')) {
    return new Map([[storageUri.slice(storageUri.lastIndexOf('/') + 1), storageUri]]);
  }
  const inside = addresses.filter((address) => address.startsWith(storageUri) && !address.endsWith('/'));
  if (inside.length === 0) {
    return storageFailure(`Failed to fetch model. No model found in ${storageUri}.`);
  }
  const prefix = storageUri.endsWith('/') ? storageUri : `${storageUri}/`;
  const siblings = inside.filter((address) => !address.startsWith(prefix));
  if (siblings.length > 0) {
    return storageFailure(`The prefix ${storageUri} matches more than one model: ${siblings[0] ?? ''}.`);
  }
  return new Map(inside.map((address) => [address.slice(prefix.length), address]));
}

function storageFailure(message: string): ModelOutcome {
  return { ok: false, reason: 'RuntimeError', message, container: 'storage-initializer' };
}

function pick(names: readonly string[], wanted: readonly string[]): readonly string[] {
  return names.filter((name) => !name.includes('/') && wanted.some((extension) => name.endsWith(extension)));
}

function missing(): ModelOutcome {
  return { ok: false, reason: 'ModelMissingError', message: 'Missing Model File.' };
}

function several(found: readonly string[]): ModelOutcome {
  const message = `More than one model file is detected, Only one is allowed within model_dir: ${found.join(', ')}`;
  return { ok: false, reason: 'RuntimeError', message };
}
