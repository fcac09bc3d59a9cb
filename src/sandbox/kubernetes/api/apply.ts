import { objectAt, same, textAt, valueAt, withValue, type JsonObject } from '../json.ts';
import { KubernetesRefusal, type Cause } from '../refusal.ts';
import { dotted, keyPath, leavesOf, pathKey, type FieldPath } from './field-paths.ts';
import { isOwn, ownersOf, withOwners, type Owner, type Writer } from './managed-fields.ts';

/**
 * Server-side apply, a subset: every leaf has owners, lists are owned whole.
 * @throws KubernetesRefusal 409 with one FieldManagerConflict per field of another manager, unless forced.
 */
export function applyConfiguration(
  before: JsonObject,
  configuration: JsonObject,
  writer: Writer,
  force: boolean,
): JsonObject {
  const wanted = new Set(leavesOf(configuration).map(pathKey));
  const changed = [...wanted].filter(
    (key) => !same(valueAt(before, ...keyPath(key)), valueAt(configuration, ...keyPath(key))),
  );
  const owners = ownersOf(before);
  const others = owners.filter((owner) => !isOwn(owner, writer));
  if (!force) refuseConflicts(others, changed);
  const dropped = [...(owners.find((owner) => isOwn(owner, writer))?.keys ?? [])].filter(
    (key) => !wanted.has(key) && !others.some((owner) => owner.keys.has(key)),
  );
  let after = before;
  for (const key of dropped) after = without(after, keyPath(key));
  for (const key of wanted) {
    after = withValue(after, keyPath(key), valueAt(configuration, ...keyPath(key)));
  }
  const losing = others.map((owner) => ({ ...owner, keys: minus(owner.keys, changed) }));
  const apiVersion = textAt(configuration, 'apiVersion') ?? '';
  return withOwners(after, [...losing, { ...writer, apiVersion, keys: wanted }]);
}

/** Without a leaf, and without the mappings that are empty then. */
function without(object: JsonObject, path: FieldPath): JsonObject {
  const left = withValue(object, path, undefined);
  const parent = path.slice(0, -1);
  const isEmpty = parent.length > 1 && Object.keys(objectAt(left, ...parent)).length === 0;
  return isEmpty ? without(left, parent) : left;
}

function minus(keys: ReadonlySet<string>, removed: readonly string[]): ReadonlySet<string> {
  return new Set([...keys].filter((key) => !removed.includes(key)));
}

function refuseConflicts(others: readonly Owner[], changed: readonly string[]): void {
  const causes: readonly Cause[] = others.flatMap((owner) =>
    changed
      .filter((key) => owner.keys.has(key))
      .map((key) => ({
        reason: 'FieldManagerConflict',
        message: `conflict with "${owner.manager}" using ${owner.apiVersion}`,
        field: dotted(keyPath(key)),
      })),
  );
  if (causes.length === 0) return;
  const many = causes.length === 1 ? '1 conflict' : `${causes.length} conflicts`;
  const list = causes.map((cause) => `${cause.message}: ${cause.field}`).join('\n');
  throw new KubernetesRefusal(409, 'Conflict', `Apply failed with ${many}: ${list}`, { causes });
}
