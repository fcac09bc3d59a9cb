import { RetryableError } from '../../errors.ts';
import type { Oid } from '../../domain/repository.ts';
import type { Blob, TreeReader } from '../../ports/snapshots.ts';
import { fetchBlobs } from './fetch-blobs.ts';
import { toOid } from './oid.ts';
import { parseTree, parseTreeDiff } from './parse-tree.ts';
import { readBlobs, sizesOf } from './read-blobs.ts';
import type { Git, GitCall } from './run-git.ts';

/** How a reader reaches its repository. */
export interface TreeReaderConfig {
  /** Git without a promisor: what is not here is missing, it never fetches by itself. */
  readonly local: Git;
  /** Git that may fetch from the promisor remote; undefined where the repository is complete. */
  readonly network: (() => Promise<{ readonly git: Git; readonly remote: string }>) | undefined;
  /** Runs one fetch at a time. */
  readonly exclusive: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Bytes of blobs that one `read` holds; blobs beyond them are reported as too large. */
  readonly readBytes: number;
  /** Told when git could not read what it has. */
  readonly onBroken: () => void;
}

/** Reads trees and blobs with a handful of git processes, however many files there are (specs stack 3.2). */
export function createTreeReader(config: TreeReaderConfig): TreeReader {
  async function local(call: GitCall, signal: AbortSignal): Promise<Buffer> {
    const { code, stdout, complaint } = await config.local(call, signal);
    if (code === 0) return stdout;
    // Below zero it was killed, which says nothing of what it read.
    if (code > 0) config.onBroken();
    throw new RetryableError(`git ${call.args[0]} ended with ${code}: ${complaint || 'no reason given'}`);
  }
  return {
    async list(tree, signal) {
      return parseTree(await local({ args: ['ls-tree', '-r', '-z', '--full-tree', toOid(tree)] }, signal));
    },
    async changes(from, to, signal) {
      const args = ['diff-tree', '-r', '-z', '--no-renames', '--no-abbrev', toOid(from), toOid(to)];
      return parseTreeDiff(await local({ args }, signal));
    },
    async read(blobs, maxBytes, signal) {
      const wanted = [...new Set(blobs)].map(toOid);
      if (wanted.length === 0) return new Map();
      const sizes = await sizesOf(local, wanted, signal);
      const missing = wanted.filter((oid) => !sizes.has(oid));
      if (missing.length > 0 && config.network !== undefined) {
        const network = await config.network();
        await config.exclusive(() => fetchBlobs(network, missing, signal));
        for (const [oid, size] of await sizesOf(local, missing, signal)) sizes.set(oid, size);
      }
      const answer = new Map<Oid, Blob>();
      const small: Oid[] = [];
      let budget = config.readBytes;
      for (const oid of wanted) {
        const size = sizes.get(oid);
        if (size === undefined) answer.set(oid, { kind: 'missing' });
        else if (size > maxBytes || size > budget) answer.set(oid, { kind: 'too-large', size });
        else {
          budget -= size;
          small.push(oid);
        }
      }
      for (const [oid, bytes] of await readBlobs(local, small, config.readBytes - budget, signal)) {
        answer.set(oid, { kind: 'bytes', bytes });
      }
      return answer;
    },
  };
}
