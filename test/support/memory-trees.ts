import { createHash } from 'node:crypto';
import type { Oid } from '../../src/domain/repository.ts';
import type { Blob, TreeChange, TreeEntry, TreeReader } from '../../src/ports/snapshots.ts';

/** Files of a tree by path; a symbolic link is `{ link: target }`. */
export type MemoryFiles = Readonly<Record<string, string | Buffer | { readonly link: string }>>;

/** Trees in memory, read as git's are. `reads` tells how many batches were asked for. */
export interface MemoryTrees extends TreeReader {
  add(files: MemoryFiles): Oid;
  readonly reads: number;
}

export function createMemoryTrees(): MemoryTrees {
  const blobs = new Map<Oid, Buffer>();
  const trees = new Map<Oid, readonly TreeEntry[]>();
  let reads = 0;
  return {
    get reads() {
      return reads;
    },
    add(files) {
      const entries = Object.entries(files).map(([path, content]): TreeEntry => {
        const bytes = toBytes(content);
        const oid = oidOf(bytes);
        blobs.set(oid, bytes);
        return { path, mode: isLink(content) ? '120000' : '100644', oid };
      });
      const sorted = entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
      const tree = oidOf(Buffer.from(JSON.stringify(sorted)));
      trees.set(tree, sorted);
      return tree;
    },
    async list(tree) {
      return trees.get(tree) ?? [];
    },
    async changes(from, to) {
      return changesBetween(trees.get(from) ?? [], trees.get(to) ?? []);
    },
    async read(wanted, maxBytes) {
      reads += 1;
      return new Map(wanted.map((oid): [Oid, Blob] => [oid, blobOf(blobs.get(oid), maxBytes)]));
    },
  };
}

function blobOf(bytes: Buffer | undefined, maxBytes: number): Blob {
  if (bytes === undefined) return { kind: 'missing' };
  return bytes.length > maxBytes ? { kind: 'too-large', size: bytes.length } : { kind: 'bytes', bytes };
}

function changesBetween(from: readonly TreeEntry[], to: readonly TreeEntry[]): readonly TreeChange[] {
  const before = new Map(from.map((entry) => [entry.path, entry]));
  const after = new Map(to.map((entry) => [entry.path, entry]));
  const changes: TreeChange[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old?.oid !== now?.oid || old?.mode !== now?.mode) changes.push({ path, before: old, after: now });
  }
  return changes;
}

function isLink(content: MemoryFiles[string]): content is { readonly link: string } {
  return typeof content === 'object' && 'link' in content;
}

function toBytes(content: MemoryFiles[string]): Buffer {
  if (isLink(content)) return Buffer.from(content.link);
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function oidOf(bytes: Buffer): Oid {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this is where ids of this stand-in are made
  return createHash('sha1').update(bytes).digest('hex') as Oid;
}
