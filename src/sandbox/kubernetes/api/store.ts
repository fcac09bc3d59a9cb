import { textAt, withValue, type JsonObject } from '../json.ts';
import type { Kind } from './kinds.ts';

/** One write, as watches tell it. */
export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: Kind;
  readonly object: JsonObject;
  readonly before: JsonObject | undefined;
  readonly version: number;
}

/** The objects, and the writes that led to them. */
export interface Store {
  get(kind: Kind, namespace: string, name: string): JsonObject | undefined;
  /** By namespace and name; of every namespace without one. */
  list(kind: Kind, namespace?: string): readonly JsonObject[];
  /** Stores under the next resourceVersion. */
  put(kind: Kind, object: JsonObject): JsonObject;
  remove(kind: Kind, namespace: string, name: string): JsonObject | undefined;
  /** The resourceVersion of the newest write. */
  version(): number;
  /** Watches from before this version are refused. */
  oldest(): number;
  changesAfter(version: number): readonly Change[];
  /** Forgets the history. */
  compact(): void;
  subscribe(listener: (change: Change) => void): () => void;
}

/** An empty store that remembers the newest `historyLimit` writes. */
export function createStore(historyLimit: number): Store {
  const objects = new Map<string, JsonObject>();
  const listeners = new Set<(change: Change) => void>();
  let history: Change[] = [];
  let version = 1000;
  let oldest = version;
  return {
    get: (kind, namespace, name) => objects.get(keyOf(kind, namespace, name)),
    list,
    put,
    remove,
    version: () => version,
    oldest: () => oldest,
    changesAfter: (after) => history.filter((change) => change.version > after),
    compact() {
      history = [];
      oldest = version;
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };

  function list(kind: Kind, namespace?: string): readonly JsonObject[] {
    const prefix = namespace === undefined ? keyOf(kind) : keyOf(kind, namespace, '');
    const found = [...objects].filter(([key]) => key.startsWith(prefix));
    return found.sort(([one], [other]) => (one < other ? -1 : 1)).map(([, object]) => object);
  }

  function put(kind: Kind, object: JsonObject): JsonObject {
    const key = keyOf(kind, textAt(object, 'metadata', 'namespace') ?? '', nameOf(object));
    const before = objects.get(key);
    version += 1;
    const stored = withValue(object, ['metadata', 'resourceVersion'], String(version));
    objects.set(key, stored);
    tell({ type: before === undefined ? 'ADDED' : 'MODIFIED', kind, object: stored, before, version });
    return stored;
  }

  function remove(kind: Kind, namespace: string, name: string): JsonObject | undefined {
    const before = objects.get(keyOf(kind, namespace, name));
    if (before === undefined) return undefined;
    objects.delete(keyOf(kind, namespace, name));
    version += 1;
    const object = withValue(before, ['metadata', 'resourceVersion'], String(version));
    tell({ type: 'DELETED', kind, object, before, version });
    return object;
  }

  function tell(change: Change): void {
    history.push(change);
    const dropped = history.splice(0, Math.max(0, history.length - historyLimit));
    oldest = dropped.at(-1)?.version ?? oldest;
    for (const listener of listeners) listener(change);
  }
}

function keyOf(kind: Kind, ...rest: readonly string[]): string {
  return [kind.group, kind.plural, ...rest].join('/') + (rest.length === 0 ? '/' : '');
}

/** `metadata.name`, empty where it is missing. */
export function nameOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'name') ?? '';
}
