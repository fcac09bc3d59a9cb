import { compact, objectAt, same, textAt, withValue, type JsonObject } from '../json.ts';
import { recordUpdate } from '../api/managed-fields.ts';
import { timestamp, uidOf } from '../api/metadata.ts';
import { apiVersionOf, kinds, type Kind } from '../api/kinds.ts';
import { nameOf, type Store } from '../api/store.ts';
import { childLabels, type Service } from './service.ts';

/** An object that a controller wants to be there. */
export interface Child {
  readonly kind: Kind;
  readonly name: string;
  readonly labels: JsonObject;
  readonly annotations?: JsonObject;
  readonly generation?: number;
  readonly spec: JsonObject;
  readonly status: JsonObject;
}

const owned: readonly Kind[] = [
  kinds.knativeServices,
  kinds.revisions,
  kinds.deployments,
  kinds.replicaSets,
  kinds.pods,
];

/** Writes what changed, and removes what is no longer wanted. */
export function writeChildren(store: Store, service: Service, children: readonly Child[], at: number): void {
  for (const child of children) writeChild(store, service, child, at);
  for (const kind of owned) {
    for (const object of store.list(kind, service.namespace)) {
      const name = nameOf(object);
      if (textAt(objectAt(object, 'metadata', 'labels'), inferenceService) !== service.name) continue;
      if (children.some((child) => child.kind === kind && child.name === name)) continue;
      store.remove(kind, service.namespace, name);
    }
  }
}

const inferenceService = 'serving.kserve.io/inferenceservice';

function writeChild(store: Store, service: Service, child: Child, at: number): void {
  const { kind, name, annotations, generation } = child;
  const before = store.get(kind, service.namespace, name);
  const metadata = compact({
    name,
    namespace: service.namespace,
    uid: textAt(before, 'metadata', 'uid') ?? uidOf(`${service.uid}/${kind.plural}/${name}`),
    creationTimestamp: textAt(before, 'metadata', 'creationTimestamp') ?? timestamp(at),
    generation: generation ?? 1,
    labels: { ...childLabels(service), ...child.labels },
    annotations,
    ownerReferences: [
      {
        apiVersion: 'serving.kserve.io/v1beta1',
        kind: 'InferenceService',
        name: service.name,
        uid: service.uid,
      },
    ],
    resourceVersion: textAt(before, 'metadata', 'resourceVersion'),
  });
  const { spec, status } = child;
  const after = { apiVersion: apiVersionOf(kind), kind: kind.kind, metadata, spec, status };
  if (!same(before, after)) store.put(kind, after);
}

/** Writes the status of the InferenceService, as its controller does: a new resourceVersion, no new generation. */
export function writeStatus(store: Store, service: Service, status: JsonObject, at: number): void {
  const { namespace, name } = service;
  const before = store.get(kinds.inferenceServices, namespace, name);
  if (before === undefined || same(before['status'], status)) return;
  const after = withValue(before, ['status'], status);
  const writer = {
    manager: 'manager',
    operation: 'Update',
    subresource: 'status',
    time: timestamp(at),
  } as const;
  store.put(kinds.inferenceServices, recordUpdate(before, after, writer));
}

/** Tells of something in an Event about an object. */
export function writeEvent(
  store: Store,
  about: { readonly namespace: string; readonly kind: string; readonly name: string },
  { reason, message, at }: { readonly reason: string; readonly message: string; readonly at: number },
): void {
  const { namespace, kind, name } = about;
  const metadata = { name: `${name}.${at.toString(16)}`, namespace, creationTimestamp: timestamp(at) };
  store.put(kinds.events, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { ...metadata, uid: uidOf(`${name}/${at}/${reason}`) },
    involvedObject: { kind, namespace, name },
    type: 'Warning',
    reason,
    message,
    count: 1,
    firstTimestamp: timestamp(at),
    lastTimestamp: timestamp(at),
  });
}
