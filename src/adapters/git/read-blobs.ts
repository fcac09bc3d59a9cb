import type { Oid } from '../../domain/repository.ts';
import { RetryableError } from '../../errors.ts';
import { toOid } from './oid.ts';
import type { GitCall } from './run-git.ts';

type Run = (call: GitCall, signal: AbortSignal) => Promise<Buffer>;

/** Sizes in bytes of the blobs that are here; what is not here, or is no blob, is not in the answer. */
export async function sizesOf(
  run: Run,
  oids: readonly Oid[],
  signal: AbortSignal,
): Promise<Map<Oid, number>> {
  const output = await run({ args: ['cat-file', '--batch-check'], input: lines(oids) }, signal);
  const sizes = new Map<Oid, number>();
  for (const row of output.toString('latin1').split('\n')) {
    const [oid = '', type, size] = row.split(' ');
    if (type === 'blob') sizes.set(toOid(oid), Number(size));
  }
  return sizes;
}

/** The blobs' bytes, from one process. `totalBytes`: the sum of their sizes. */
export async function readBlobs(
  run: Run,
  oids: readonly Oid[],
  totalBytes: number,
  signal: AbortSignal,
): Promise<Map<Oid, Buffer>> {
  const blobs = new Map<Oid, Buffer>();
  if (oids.length === 0) return blobs;
  const maxBytes = totalBytes + oids.length * 128;
  const output = await run(
    { args: ['cat-file', '--batch', '--buffer'], input: lines(oids), maxBytes },
    signal,
  );
  let at = 0;
  for (const oid of oids) {
    const end = output.indexOf(10, at);
    const [, type, size] = output.toString('latin1', at, end).split(' ');
    if (type !== 'blob') throw new RetryableError(`blob ${oid} went away while it was read`);
    blobs.set(oid, output.subarray(end + 1, end + 1 + Number(size)));
    at = end + 1 + Number(size) + 1;
  }
  return blobs;
}

function lines(oids: readonly Oid[]): string {
  return oids.map((oid) => `${oid}\n`).join('');
}
