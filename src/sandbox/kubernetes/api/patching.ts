import { isObject, objectAt, same, withValue, type Json, type JsonObject } from '../json.ts';
import { badRequest, KubernetesRefusal } from '../refusal.ts';
import { admit } from './admission.ts';
import { applyConfiguration } from './apply.ts';
import { ownersOf, withOwners } from './managed-fields.ts';
import { born, carried, identify, refuseStale } from './metadata.ts';
import { jsonPatch, mergePatch } from './patches.ts';
import { isTrue } from './request.ts';
import { nameOf } from './store.ts';
import { bodyOf, createObject, existing, keep, replace, writerOf } from './writes.ts';
import type { Answer, Call, World } from './world.ts';

/** PATCH, by content type: merge, JSON patch, apply; strategic merge only for built-in kinds, as a merge. */
export function patch(world: World, call: Call): Answer {
  const type = call.contentType.split(';')[0]?.trim();
  switch (type) {
    case 'application/apply-patch+yaml':
    case 'application/apply-patch':
      return apply(world, call);
    case 'application/merge-patch+json':
      return patched(world, call, (before) => mergePatch(before, bodyOf(call)));
    case 'application/json-patch+json':
      return patched(world, call, (before) => jsonPatch(before, call.body));
    case 'application/strategic-merge-patch+json':
      if (call.target.kind.custom) throw unsupported();
      return patched(world, call, (before) => mergePatch(before, bodyOf(call)));
    default:
      throw unsupported();
  }
}

function unsupported(): KubernetesRefusal {
  const accepted = 'application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml';
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted}`;
  return new KubernetesRefusal(415, 'UnsupportedMediaType', message);
}

/** Without a resourceVersion in the patch, the newest object is patched, whatever it is. */
function patched(world: World, call: Call, change: (before: JsonObject) => Json): Answer {
  const before = existing(world, call);
  const after = change(before);
  if (!isObject(after)) throw badRequest('the patched object is no object');
  return replace(world, call, before, identify(call.target.kind, after, call.target));
}

function apply(world: World, call: Call): Answer {
  const { kind, namespace, name } = call.target;
  const configuration = identify(kind, bodyOf(call), call.target);
  if (objectAt(configuration, 'metadata')['managedFields'] !== undefined) {
    throw badRequest('metadata.managedFields must be nil');
  }
  const writer = writerOf(world, call, 'Apply');
  const before = world.store.get(kind, namespace, name);
  if (before === undefined) return createObject(world, call, configuration, writer);
  refuseStale(kind, before, objectAt(configuration, 'metadata'));
  const applied = applyConfiguration(before, configuration, writer, isTrue(call.query.get('force')));
  const admitted = admit(world, call, carried(before, applied), before);
  const after = carried(before, admitted.object);
  if (same(timeless(after), timeless(before))) return { status: 200, body: before };
  return keep(world, call, { ...admitted, object: after }, 200);
}

/** For comparing: applying the same again makes no new version. */
function timeless(object: JsonObject): JsonObject {
  const owners = ownersOf(object).map((owner) => ({ ...owner, time: '' }));
  const sorted = owners.sort((one, other) => (one.manager < other.manager ? -1 : 1));
  return withValue(withOwners(object, sorted), ['metadata', 'resourceVersion'], undefined);
}

/** Changes an object as another client would: a merge patch under its name. */
export function foreignEdit(world: World, call: Call): JsonObject {
  const body = patched(world, call, (before) => mergePatch(before, bodyOf(call))).body;
  return isObject(body) ? body : {};
}

/** Stores an object as it is, status included: for setting a scene. */
export function seeded(world: World, call: Call, object: JsonObject): JsonObject {
  const { kind, namespace } = call.target;
  const given = identify(kind, object, { namespace, name: '' });
  const name = nameOf(given);
  const before = world.store.get(kind, namespace, name);
  const seed = `${namespace}/${name}/${world.store.version()}`;
  const next = before === undefined ? born(kind, given, { now: world.now(), seed }) : carried(before, given);
  return world.store.put(kind, next);
}
