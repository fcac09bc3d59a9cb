import { compact, isObject, listAt, same, textAt, valueAt, withValue, type JsonObject } from '../json.ts';
import { fromFieldsV1, keyPath, leavesOf, pathKey, toFieldsV1 } from './field-paths.ts';

/** Who writes, and how. */
export interface Writer {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly subresource?: string;
  readonly time: string;
}

/** Leaves that one writer owns. */
export interface Owner extends Writer {
  readonly keys: ReadonlySet<string>;
  readonly apiVersion: string;
}

/** The owners that `metadata.managedFields` lists. */
export function ownersOf(object: JsonObject | undefined): readonly Owner[] {
  return listAt(object, 'metadata', 'managedFields').flatMap((entry) => {
    if (!isObject(entry)) return [];
    const subresource = textAt(entry, 'subresource');
    return {
      manager: textAt(entry, 'manager') ?? '',
      operation: textAt(entry, 'operation') === 'Apply' ? ('Apply' as const) : ('Update' as const),
      ...(subresource === undefined ? {} : { subresource }),
      time: textAt(entry, 'time') ?? '',
      apiVersion: textAt(entry, 'apiVersion') ?? '',
      keys: new Set(fromFieldsV1(entry['fieldsV1'])),
    };
  });
}

/** The object with these owners; those without a field are left out. */
export function withOwners(object: JsonObject, owners: readonly Owner[]): JsonObject {
  const entries = owners
    .filter((owner) => owner.keys.size > 0)
    .map(({ keys, manager, operation, apiVersion, time, subresource }) =>
      compact({
        manager,
        operation,
        apiVersion,
        time,
        fieldsType: 'FieldsV1',
        fieldsV1: toFieldsV1(keys),
        subresource,
      }),
    );
  return withValue(object, ['metadata', 'managedFields'], entries);
}

/** True for the entry that this writer adds to. */
export function isOwn(owner: Writer, writer: Writer): boolean {
  return (
    owner.manager === writer.manager &&
    owner.operation === writer.operation &&
    owner.subresource === writer.subresource
  );
}

/** A first apply: the writer owns what it named, the server what it filled in. */
export function recordApply(configuration: JsonObject, after: JsonObject, writer: Writer): JsonObject {
  const apiVersion = textAt(after, 'apiVersion') ?? '';
  return withOwners(after, [{ ...writer, apiVersion, keys: new Set(leavesOf(configuration).map(pathKey)) }]);
}

/** An update: the writer owns every leaf it changed, nobody else does any more. */
export function recordUpdate(before: JsonObject | undefined, after: JsonObject, writer: Writer): JsonObject {
  const leaves = new Set(leavesOf(after).map(pathKey));
  const changed = [...leaves].filter(
    (key) => !same(valueAt(before, ...keyPath(key)), valueAt(after, ...keyPath(key))),
  );
  const owners = ownersOf(before).map((owner) => {
    const mine = isOwn(owner, writer);
    const kept = [...owner.keys].filter((key) => leaves.has(key) && (mine || !changed.includes(key)));
    return { ...owner, keys: new Set(kept) };
  });
  if (changed.length === 0) return withOwners(after, owners);
  const own = owners.find((owner) => isOwn(owner, writer));
  const apiVersion = textAt(after, 'apiVersion') ?? '';
  const entry = { ...writer, apiVersion, keys: new Set([...(own?.keys ?? []), ...changed]) };
  return withOwners(after, [...owners.filter((owner) => owner !== own), entry]);
}
