import { createHash } from 'node:crypto';
import { compact, objectAt, same, textAt, valueAt, withValue, type JsonObject } from '../json.ts';
import { badRequest, conflict, invalid } from '../refusal.ts';
import { apiVersionOf, type Kind } from './kinds.ts';
import { nameOf } from './store.ts';

/** Seconds, as `creationTimestamp` has them. */
export function timestamp(at: Date | number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}

/** An id in the form of a UUID, the same for the same seed. */
export function uidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Type, namespace and name as the path says. @throws KubernetesRefusal where the body says otherwise. */
export function identify(
  kind: Kind,
  body: JsonObject,
  where: { namespace: string; name: string },
): JsonObject {
  const own = { apiVersion: apiVersionOf(kind), kind: kind.kind };
  for (const key of ['apiVersion', 'kind'] as const) {
    const said = textAt(body, key) ?? (kind.custom ? '' : own[key]);
    if (said !== own[key]) {
      throw badRequest(`the API version in the data (${said}) does not match ${own[key]}`);
    }
  }
  const namespace = textAt(body, 'metadata', 'namespace') ?? where.namespace;
  if (namespace !== where.namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  }
  const name = textAt(body, 'metadata', 'name') ?? where.name;
  if (where.name !== '' && name !== where.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${where.name})`);
  }
  refuseName(kind, name);
  const metadata = { ...objectAt(body, 'metadata'), name, ...(kind.namespaced ? { namespace } : {}) };
  return { ...own, ...body, metadata };
}

function refuseName(kind: Kind, name: string): void {
  if (/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) && name.length <= 253) return;
  const problem = name === '' ? ('FieldValueRequired' as const) : ('FieldValueInvalid' as const);
  const message =
    name === ''
      ? 'Required value: name or generateName is required'
      : `Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`;
  throw invalid(kind, name, [{ reason: problem, message, field: 'metadata.name' }]);
}

/** The metadata that the server gives a new object. */
export function born(kind: Kind, object: JsonObject, at: { now: Date; seed: string }): JsonObject {
  const { resourceVersion: _version, managedFields: _fields, ...given } = objectAt(object, 'metadata');
  const metadata = {
    ...given,
    uid: uidOf(`${kind.plural}/${at.seed}`),
    generation: 1,
    creationTimestamp: timestamp(at.now),
  };
  return { ...object, metadata };
}

/** What an update cannot change stays; the generation rises when more than metadata and status changes. */
export function carried(before: JsonObject, after: JsonObject): JsonObject {
  const kept = ['uid', 'creationTimestamp', 'name', 'namespace', 'deletionTimestamp'] as const;
  let result = after;
  for (const key of kept) result = withValue(result, ['metadata', key], valueAt(before, 'metadata', key));
  const generation = Number(valueAt(before, 'metadata', 'generation') ?? 1);
  const rises = !same(content(before), content(after));
  return withValue(result, ['metadata', 'generation'], rises ? generation + 1 : generation);
}

function content(object: JsonObject): JsonObject {
  const { metadata: _metadata, status: _status, ...rest } = object;
  return rest;
}

/** @throws KubernetesRefusal 409 when the uid or version that the client named is not the live one. */
export function refuseStale(kind: Kind, before: JsonObject, named: JsonObject): void {
  const live = compact(objectAt(before, 'metadata'));
  const what = { ...kind, name: nameOf(before) };
  if (named['uid'] !== undefined && named['uid'] !== live['uid']) {
    const why = `Precondition failed: UID in precondition: ${textAt(named, 'uid')}, UID in object meta: ${textAt(live, 'uid')}`;
    throw conflict(what, why);
  }
  const version = named['resourceVersion'];
  if (version !== undefined && version !== '' && version !== live['resourceVersion']) throw conflict(what);
}
