import { isObject, objectAt, same, textAt, withValue, type JsonObject } from '../json.ts';
import { alreadyExists, badRequest, invalid, KubernetesRefusal, notFound } from '../refusal.ts';
import { admit, type Admitted } from './admission.ts';
import { recordApply, recordUpdate, type Writer } from './managed-fields.ts';
import { born, carried, identify, refuseStale, timestamp } from './metadata.ts';
import { nameOf } from './store.ts';
import type { Answer, Call, World } from './world.ts';

/** POST. */
export function create(world: World, call: Call): Answer {
  const { kind, namespace } = call.target;
  const given = identify(kind, bodyOf(call), { namespace, name: '' });
  if ((textAt(given, 'metadata', 'resourceVersion') ?? '') !== '') {
    throw badRequest('resourceVersion should not be set on objects to be created');
  }
  return createObject(world, call, given, writerOf(world, call, 'Update'));
}

/** Stores a new object, whoever makes it. */
export function createObject(world: World, call: Call, given: JsonObject, writer: Writer): Answer {
  const { kind, namespace } = call.target;
  refuseNamespace(world, call);
  const name = nameOf(given);
  if (world.store.get(kind, namespace, name) !== undefined) throw alreadyExists({ ...kind, name });
  const blank = kind.status ? withValue(given, ['status'], undefined) : given;
  const seed = `${namespace}/${name}/${world.store.version()}`;
  const admitted = admit(world, call, born(kind, blank, { now: world.now(), seed }), undefined);
  const object =
    writer.operation === 'Apply'
      ? recordApply(blank, admitted.object, writer)
      : recordUpdate(undefined, admitted.object, writer);
  return keep(world, call, { ...admitted, object }, 201);
}

function refuseNamespace(world: World, { target }: Call): void {
  if (!target.kind.namespaced || world.namespaces?.has(target.namespace) !== false) return;
  throw notFound({ group: '', plural: 'namespaces', name: target.namespace });
}

/** PUT, also of the status. */
export function update(world: World, call: Call): Answer {
  const { kind } = call.target;
  const before = existing(world, call);
  const given = identify(kind, bodyOf(call), call.target);
  if ((textAt(given, 'metadata', 'resourceVersion') ?? '') === '') {
    const message = 'Invalid value: 0: must be specified for an update';
    const field = 'metadata.resourceVersion';
    throw invalid(kind, nameOf(given), [{ reason: 'FieldValueInvalid', message, field }]);
  }
  return replace(world, call, before, given);
}

/** Stores what an object became. A change that changes nothing makes no new version. */
export function replace(world: World, call: Call, before: JsonObject, given: JsonObject): Answer {
  const { kind, subresource } = call.target;
  refuseStale(kind, before, objectAt(given, 'metadata'));
  const fields = objectAt(before, 'metadata')['managedFields'];
  const own = withValue(given, ['metadata', 'managedFields'], fields);
  const merged = mergeStatus(call, before, own);
  const admitted = admit(world, call, carried(before, merged), before);
  const after = carried(before, admitted.object);
  const version = ['metadata', 'resourceVersion'];
  const unchanged = same(withValue(after, version, undefined), withValue(before, version, undefined));
  if (unchanged) return { status: 200, body: before, ...warningHeader(admitted.warnings) };
  const status = subresource === '' ? {} : { subresource };
  const object = recordUpdate(before, after, { ...writerOf(world, call, 'Update'), ...status });
  return keep(world, call, { ...admitted, object }, 200);
}

/** The status changes only through its subresource, all else only without. */
function mergeStatus(call: Call, before: JsonObject, given: JsonObject): JsonObject {
  const { kind, subresource } = call.target;
  if (subresource === 'status') return withValue(before, ['status'], given['status']);
  return kind.status ? withValue(given, ['status'], before['status']) : given;
}

/** DELETE, with the preconditions that the body may name. */
export function remove(world: World, call: Call): Answer {
  const { kind, namespace, name } = call.target;
  const before = existing(world, call);
  const asked = isObject(call.body) ? objectAt(call.body, 'preconditions') : {};
  refuseStale(kind, before, asked);
  if (!isDry(call)) world.store.remove(kind, namespace, name);
  const uid = textAt(before, 'metadata', 'uid') ?? '';
  const details = { name, group: kind.group, kind: kind.plural, uid };
  const body = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
  return { status: 200, body };
}

/** Stores, unless it is a dry run. */
export function keep(world: World, call: Call, { object, warnings }: Admitted, status: number): Answer {
  const body = isDry(call) ? object : world.store.put(call.target.kind, object);
  return { status, body, ...warningHeader(warnings) };
}

function warningHeader(warnings: readonly string[]): Pick<Answer, 'headers'> {
  if (warnings.length === 0) return {};
  return { headers: { warning: warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ') } };
}

function isDry(call: Call): boolean {
  const asked = call.query.get('dryRun');
  if (asked !== null && asked !== 'All') throw badRequest(`Unsupported value: "${asked}": dryRun`);
  return asked === 'All';
}

/** @throws KubernetesRefusal 404. */
export function existing(world: World, { target }: Call): JsonObject {
  const found = world.store.get(target.kind, target.namespace, target.name);
  if (found === undefined) throw notFound({ ...target.kind, name: target.name });
  return found;
}

/** @throws KubernetesRefusal 400 when the body is no object. */
export function bodyOf(call: Call): JsonObject {
  if (!isObject(call.body)) throw badRequest('the object provided is unrecognized (must be a JSON object)');
  return call.body;
}

/** The writer of this request. @throws KubernetesRefusal 422 for an apply without a manager. */
export function writerOf(world: World, call: Call, operation: Writer['operation']): Writer {
  if (operation === 'Apply' && !call.query.has('fieldManager')) {
    const what = 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value';
    throw new KubernetesRefusal(422, 'Invalid', `${what}: is required for apply patch`);
  }
  return { manager: call.manager, operation, time: timestamp(world.now()) };
}
