import { isList, isObject, listAt, objectAt, same, textAt, type Json, type JsonObject } from '../json.ts';
import type { Cause } from '../refusal.ts';
import { boundCauses, typeProblem } from './values.ts';

/** A value after the schema: pruned, with defaults, and what is wrong with it. */
export interface Checked {
  readonly value: Json;
  /** Fields that were dropped. */
  readonly unknown: readonly string[];
  readonly causes: readonly Cause[];
}

/** Walks a value along an openAPIV3Schema: prunes, fills defaults, checks types, required fields and enums. */
export function checkStructure(schema: JsonObject, value: Json, path = ''): Checked {
  if (value === null && schema['nullable'] === true) return fine(value);
  const problem = typeProblem(schema, value, path);
  if (problem !== undefined) return { value, unknown: [], causes: [problem] };
  const causes = [...enumCauses(schema, value, path), ...boundCauses(schema, value, path)];
  if (isObject(value)) return merge(checkMembers(schema, value, path), causes);
  if (isList(value)) return merge(checkItems(schema, value, path), causes);
  return { value, unknown: [], causes };
}

function fine(value: Json): Checked {
  return { value, unknown: [], causes: [] };
}

function merge(checked: Checked, causes: readonly Cause[]): Checked {
  return { ...checked, causes: [...causes, ...checked.causes] };
}

function checkMembers(schema: JsonObject, value: JsonObject, path: string): Checked {
  const properties = objectAt(schema, 'properties');
  const members: Record<string, Json> = {};
  const unknown: string[] = [];
  const causes: Cause[] = [];
  for (const [key, member] of Object.entries(withDefaults(properties, value))) {
    const at = path === '' ? key : `${path}.${key}`;
    const inner = memberSchema(schema, properties, key);
    if (inner === undefined) {
      unknown.push(at);
      continue;
    }
    const checked = inner === 'any' ? fine(member) : checkStructure(inner, member, at);
    members[key] = checked.value;
    unknown.push(...checked.unknown);
    causes.push(...checked.causes);
  }
  return { value: members, unknown, causes: [...requiredCauses(schema, members, path), ...causes] };
}

/** Defaults fill absent fields, and nulls where null is not allowed. */
function withDefaults(properties: JsonObject, value: JsonObject): JsonObject {
  const filled: Record<string, Json> = { ...value };
  for (const [key, schema] of Object.entries(properties)) {
    if (!isObject(schema) || schema['default'] === undefined) continue;
    const isNull = filled[key] === null && schema['nullable'] !== true;
    if (filled[key] === undefined || isNull) filled[key] = schema['default'];
  }
  return filled;
}

function memberSchema(
  schema: JsonObject,
  properties: JsonObject,
  key: string,
): JsonObject | 'any' | undefined {
  const own = Object.hasOwn(properties, key) ? properties[key] : undefined;
  if (isObject(own)) return own;
  const additional = schema['additionalProperties'];
  if (isObject(additional)) return additional;
  const open = additional === true || schema['x-kubernetes-preserve-unknown-fields'] === true;
  return open ? 'any' : undefined;
}

function checkItems(schema: JsonObject, value: readonly Json[], path: string): Checked {
  const items = objectAt(schema, 'items');
  const checked = value.map((item, index) => checkStructure(items, item, `${path}[${index}]`));
  return {
    value: checked.map((item) => item.value),
    unknown: checked.flatMap((item) => item.unknown),
    causes: checked.flatMap((item) => item.causes),
  };
}

function requiredCauses(schema: JsonObject, value: JsonObject, path: string): readonly Cause[] {
  const absent = listAt(schema, 'required')
    .filter((key) => typeof key === 'string')
    .filter((key) => value[key] === undefined);
  return absent.map((key) => ({
    reason: 'FieldValueRequired',
    message: 'Required value',
    field: path === '' ? key : `${path}.${key}`,
  }));
}

function enumCauses(schema: JsonObject, value: Json, path: string): readonly Cause[] {
  const allowed = listAt(schema, 'enum');
  if (allowed.length === 0 || allowed.some((one) => same(one, value))) return [];
  const supported = allowed.map((one) => JSON.stringify(one)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported}`;
  return [{ reason: 'FieldValueNotSupported', message, field: path }];
}

/** The schema of one version in a CRD document, or the schema itself. */
export function schemaOf(crd: JsonObject, version: string): JsonObject {
  for (const entry of listAt(crd, 'spec', 'versions')) {
    if (textAt(entry, 'name') === version) return objectAt(entry, 'schema', 'openAPIV3Schema');
  }
  return crd;
}
