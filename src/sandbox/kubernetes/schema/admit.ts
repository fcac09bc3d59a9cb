import { objectAt, withValue, type JsonObject } from '../json.ts';
import { badRequest, invalid, type Cause, type KubernetesRefusal } from '../refusal.ts';
import { nameOf } from '../api/store.ts';
import type { Kind } from '../api/kinds.ts';
import { checkStructure, type Checked } from './structural.ts';

/** How unknown fields are met. */
export interface Strictness {
  readonly validation: 'Ignore' | 'Warn' | 'Strict';
  /** The patch as sent: a strict refusal of a patch is worded differently. */
  readonly patch?: string;
}

/** The object pruned and with defaults, and warnings for what was dropped. */
export interface Pruned {
  readonly object: JsonObject;
  readonly warnings: readonly string[];
  readonly causes: readonly Cause[];
}

/** Checks a whole resource; its metadata is none of the schema's. */
export function checkResource(schema: JsonObject, object: JsonObject): Checked {
  const { metadata, ...content } = object;
  const checked = checkStructure(schema, content);
  return { ...checked, value: withValue(objectAt(checked.value), ['metadata'], metadata) };
}

/** Prunes along the schema. @throws KubernetesRefusal when unknown fields are forbidden. */
export function prune(
  kind: Kind,
  schema: JsonObject,
  object: JsonObject,
  { validation, patch }: Strictness,
): Pruned {
  const checked = checkResource(schema, object);
  const fields = checked.unknown.map((field) => `unknown field "${field}"`);
  if (validation === 'Strict' && fields.length > 0) throw strictRefusal(kind, fields.join(', '), patch);
  return {
    object: objectAt(checked.value),
    warnings: validation === 'Warn' ? fields : [],
    causes: checked.causes,
  };
}

function strictRefusal(kind: Kind, fields: string, patch: string | undefined): KubernetesRefusal {
  if (patch === undefined) {
    const what = `${kind.kind} in version "${kind.version}" cannot be handled as a ${kind.kind}`;
    return badRequest(`${what}: strict decoding error: ${fields}`);
  }
  const message = `Invalid value: ${JSON.stringify(patch)}: strict decoding error: ${fields}`;
  return invalid({ group: '', kind: '' }, '', [{ reason: 'FieldValueInvalid', message, field: 'patch' }]);
}

/** @throws KubernetesRefusal 422 with every cause. */
export function refuseInvalid(kind: Kind, object: JsonObject, causes: readonly Cause[]): void {
  if (causes.length > 0) throw invalid(kind, nameOf(object), causes);
}
