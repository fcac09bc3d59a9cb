import type { Clock } from '../../ports/clock.ts';
import type { ObjectRef, ObjectState, ObjectStore, ObjectStores } from '../../ports/object-store.ts';

/** Objects that were there a while ago. Absence and trouble are never remembered. */
export interface Trust {
  recall(name: string): ObjectState | undefined;
  remember(name: string, state: ObjectState): void;
}

/** Bounds of the memory: entries (one object each) and milliseconds. */
export interface TrustOptions {
  readonly clock: Pick<Clock, 'now'>;
  /** The least recently used go first. */
  readonly maxEntries: number;
  readonly trustMs: number;
}

/** An hour, and some 50 MB at most. */
export const defaultTrust = { maxEntries: 200_000, trustMs: 60 * 60 * 1000 };

/** A bounded memory; keep one for the life of a process. */
export function createTrust({ clock, maxEntries, trustMs }: TrustOptions): Trust {
  const seen = new Map<string, { readonly state: ObjectState; readonly until: number }>();
  return {
    recall(name) {
      const entry = seen.get(name);
      if (entry === undefined) return undefined;
      seen.delete(name);
      if (entry.until <= clock.now().getTime()) return undefined;
      seen.set(name, entry);
      return entry.state;
    },
    remember(name, state) {
      if (state.kind !== 'present') return;
      seen.delete(name);
      seen.set(name, { state, until: clock.now().getTime() + trustMs });
      for (const oldest of seen.keys()) {
        if (seen.size <= maxEntries) return;
        seen.delete(oldest);
      }
    },
  };
}

/**
 * Stores whose positive answers are trusted for a while. `scope` separates repositories: what one may know of a remote
 * another may not. Never for a release, which asks anew.
 */
export function trustingStores(stores: ObjectStores, trust: Trust, scope: string): ObjectStores {
  return {
    open(remote) {
      const opened = stores.open(remote);
      return opened.kind === 'open'
        ? { ...opened, store: trustingStore(opened.store, trust, scope) }
        : opened;
    },
  };
}

function trustingStore(store: ObjectStore, trust: Trust, scope: string): ObjectStore {
  const nameOf = (object: ObjectRef) => JSON.stringify([scope, store.url, object.key, object.version]);
  return {
    ...store,
    async stat(wanted, signal) {
      signal.throwIfAborted();
      const known = wanted.map((object) => trust.recall(nameOf(object)));
      const open = wanted.filter((_, index) => known[index] === undefined);
      const asked = open.length === 0 ? [] : await store.stat(open, signal);
      for (const [index, state] of asked.entries()) {
        const object = open[index];
        if (object !== undefined) trust.remember(nameOf(object), state);
      }
      const fresh = asked.values();
      return known.map((state) => state ?? fresh.next().value ?? notAnswered);
    },
  };
}

/** A store that answers fewer than it was asked breaks its contract; that must not read as absence. */
const notAnswered: ObjectState = {
  kind: 'unknown',
  cause: 'unreachable',
  message: 'the store gave no answer',
};
