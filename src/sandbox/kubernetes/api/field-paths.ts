import { isObject, valueAt, withValue, type Json, type JsonObject } from '../json.ts';

/** Where a leaf is; lists are leaves, owned whole. */
export type FieldPath = readonly string[];

const serverOwned = ['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp'];

/** The leaves that can be owned: all but the type, the identity and what the server writes. */
export function leavesOf(object: JsonObject): readonly FieldPath[] {
  const { apiVersion: _version, kind: _kind, metadata, ...content } = object;
  const { managedFields: _fields, selfLink: _link, ...own } = isObject(metadata) ? metadata : {};
  const named = Object.entries(own).filter(([key]) => !serverOwned.includes(key));
  return [...below(content, []), ...below(Object.fromEntries(named), ['metadata'])];
}

function below(value: Json, path: FieldPath): readonly FieldPath[] {
  if (!isObject(value)) return [path];
  const inside = Object.entries(value).flatMap(([key, member]) => below(member, [...path, key]));
  return inside.length === 0 && path.length > 1 ? [path] : inside;
}

/** A path as a key of sets. */
export function pathKey(path: FieldPath): string {
  return path.join('\u0000');
}

/** The path of a key. */
export function keyPath(key: string): FieldPath {
  return key.split('\u0000');
}

/** `.spec.predictor.model.storageUri`, as conflicts name it. */
export function dotted(path: FieldPath): string {
  return path.map((part) => (/^[\w-]+$/.test(part) ? `.${part}` : `["${part}"]`)).join('');
}

/** Leaves as FieldsV1 nests them: `{"f:spec":{"f:predictor":{}}}`. */
export function toFieldsV1(keys: Iterable<string>): JsonObject {
  let tree: JsonObject = {};
  for (const key of keys) {
    const path = keyPath(key).map((part) => `f:${part}`);
    tree = withValue(tree, path, valueAt(tree, ...path) ?? {});
  }
  return tree;
}

/** The leaves of a FieldsV1 tree. */
export function fromFieldsV1(tree: Json | undefined, path: FieldPath = []): readonly string[] {
  if (!isObject(tree) || Object.keys(tree).length === 0) return path.length === 0 ? [] : [pathKey(path)];
  return Object.entries(tree).flatMap(([key, inside]) => fromFieldsV1(inside, [...path, key.slice(2)]));
}
