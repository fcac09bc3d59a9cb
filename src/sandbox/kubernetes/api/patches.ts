import { isList, isObject, same, textAt, type Json, type JsonObject } from '../json.ts';
import { badRequest, KubernetesRefusal } from '../refusal.ts';

/** RFC 7386: null removes, mappings merge, all else replaces. */
export function mergePatch(target: Json | undefined, patch: Json): Json {
  if (!isObject(patch)) return patch;
  const merged = new Map(Object.entries(isObject(target) ? target : {}));
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergePatch(merged.get(key), value));
  }
  return Object.fromEntries(merged);
}

/** RFC 6902 with add, replace, remove and test. @throws KubernetesRefusal for what does not apply. */
export function jsonPatch(target: JsonObject, patch: unknown): JsonObject {
  if (!isList(patch)) {
    throw badRequest('json: cannot unmarshal object into Go value of type jsonpatch.Patch');
  }
  let result: Json = target;
  for (const operation of patch) {
    if (!isObject(operation) || typeof operation['path'] !== 'string') throw badRequest('bad json patch');
    const keys = operation['path'].split('/').slice(1).map(unescape);
    result = change(result, keys, operation);
  }
  if (!isObject(result)) throw badRequest('the patched object is no object');
  return result;
}

function unescape(token: string): string {
  return token.replaceAll('~1', '/').replaceAll('~0', '~');
}

function change(at: Json | undefined, keys: readonly string[], operation: JsonObject): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return atEnd(at, operation);
  if (isList(at)) return changeList(at, key, { rest, operation });
  if (!isObject(at)) throw missing(operation);
  if (rest.length > 0) return { ...at, [key]: change(at[key], rest, operation) };
  if (operation['op'] !== 'add' && !Object.hasOwn(at, key)) throw missing(operation);
  const { [key]: _removed, ...others } = at;
  return operation['op'] === 'remove' ? others : { ...at, [key]: atEnd(at[key], operation) };
}

function changeList(
  at: readonly Json[],
  key: string,
  { rest, operation }: { readonly rest: readonly string[]; readonly operation: JsonObject },
): Json {
  const index = key === '-' ? at.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > at.length) throw missing(operation);
  if (rest.length > 0) return at.with(index, change(at[index], rest, operation));
  if (operation['op'] === 'remove') return at.toSpliced(index, 1);
  if (operation['op'] === 'add') return at.toSpliced(index, 0, operation['value'] ?? null);
  return at.with(index, atEnd(at[index], operation));
}

function atEnd(before: Json | undefined, operation: JsonObject): Json {
  const value = operation['value'] ?? null;
  if (operation['op'] === 'test') {
    if (!same(before, value)) throw refused(`testing value ${textAt(operation, 'path')} failed`);
    return value;
  }
  if (operation['op'] === 'add' || operation['op'] === 'replace') return value;
  throw refused(`unexpected operation ${textAt(operation, 'op')}`);
}

function missing(operation: JsonObject): KubernetesRefusal {
  return refused(`${textAt(operation, 'op')} operation does not apply: doc is missing path`);
}

function refused(message: string): KubernetesRefusal {
  return new KubernetesRefusal(422, 'Invalid', `the server rejected our request: ${message}`);
}
