import type {
  DataRemote,
  ObjectRef,
  ObjectState,
  ObjectStore,
  ObjectStores,
  StoreTrouble,
} from '../../src/ports/object-store.ts';

/** A stand-in for a data remote: content by key, or by key and version where the bucket keeps versions. */
export interface MemoryRemote {
  readonly objects: Map<string, Buffer>;
  /** Answers every question when set. */
  trouble: StoreTrouble | undefined;
  /** Answers listings when set. */
  listTrouble: StoreTrouble | undefined;
  /** Every question that came: `stat k`, `get k`, `list prefix`. */
  readonly asked: string[];
}

export function createMemoryRemote(objects: Readonly<Record<string, string>> = {}): MemoryRemote {
  const content = Object.entries(objects).map(([key, text]): [string, Buffer] => [key, Buffer.from(text)]);
  return { objects: new Map(content), trouble: undefined, listTrouble: undefined, asked: [] };
}

/** Opens the remotes whose url is named; any other is not bound, `gdrive://` is unsupported. */
export function createMemoryStores(remotes: Readonly<Record<string, MemoryRemote>>): ObjectStores {
  return {
    open(remote: DataRemote) {
      const bound = remotes[remote.url];
      if (bound !== undefined) return { kind: 'open', store: createStore(remote.url, bound) };
      if (remote.url.startsWith('gdrive://')) {
        return {
          kind: 'unsupported',
          message: 'gdrive remotes cannot be asked',
          remedy: 'use another remote',
        };
      }
      return { kind: 'not-bound', message: `${remote.url} is not bound`, remedy: 'bind it under remotes:' };
    },
  };
}

function createStore(url: string, remote: MemoryRemote): ObjectStore {
  return {
    url,
    async stat(wanted, signal) {
      signal.throwIfAborted();
      return wanted.map((object) => stateOf(remote, object));
    },
    async *list(prefix, after, signal) {
      signal.throwIfAborted();
      remote.asked.push(`list ${prefix}`);
      const trouble = remote.trouble ?? remote.listTrouble;
      if (trouble !== undefined) {
        yield trouble;
        return;
      }
      const keys = [...remote.objects.keys()]
        .filter((key) => key.startsWith(prefix) && key > (after ?? ''))
        .sort();
      for (let at = 0; at < keys.length || at === 0; at += 1000) {
        const page = keys.slice(at, at + 1000);
        const objects = page.map((key) => ({
          key,
          size: remote.objects.get(key)?.length ?? 0,
          etag: undefined,
        }));
        yield { kind: 'page', objects };
      }
    },
    async get(object, maxBytes, signal) {
      signal.throwIfAborted();
      remote.asked.push(`get ${nameOf(object)}`);
      if (remote.trouble !== undefined) return remote.trouble;
      const bytes = remote.objects.get(nameOf(object));
      if (bytes === undefined) return { kind: 'missing' };
      return bytes.length > maxBytes ? { kind: 'too-large', size: bytes.length } : { kind: 'content', bytes };
    },
  };
}

function stateOf(remote: MemoryRemote, object: ObjectRef): ObjectState {
  remote.asked.push(`stat ${nameOf(object)}`);
  if (remote.trouble !== undefined) return remote.trouble;
  const bytes = remote.objects.get(nameOf(object));
  return bytes === undefined ? { kind: 'missing' } : { kind: 'present', size: bytes.length, etag: undefined };
}

function nameOf({ key, version }: ObjectRef): string {
  return version === undefined ? key : `${key}@${version}`;
}
