import { RetryableError } from '../../../errors.ts';
import { redactUrl } from '../../../domain/redact-url.ts';
import type { Copied, Copy } from '../../../ports/model-store.ts';
import type { Depot, FileParts, Upload } from './depot.ts';
import { createProof, sizeDifference } from './proof.ts';
import type { Proof } from './proof.ts';
import { addressTaken, digestMismatch, modelMissing } from './refusals.ts';

/** An address, and where it is asked. */
export interface Spot {
  readonly address: string;
  readonly depot: Depot;
  readonly key: string;
}

/** Told of bytes of files that are held in memory, and of those that are held no longer (negative). */
export type Meter = (bytes: number) => void;

/**
 * Copies a file part by part: what is uploaded is hashed on the way and compared before anybody can see it. Two parts
 * are in memory at most, one that is read and one that is sent.
 */
export async function copyFile(
  { from, to }: { readonly from: Spot; readonly to: Spot },
  wanted: Copy,
  meter: Meter,
  signal: AbortSignal,
): Promise<Copied> {
  const before = await proveThere(to, wanted, signal);
  if (before !== undefined) return before;
  const file = await from.depot.open(from.key, signal);
  if (file === undefined) throw modelMissing(from.address);
  const otherSize = sizeDifference(file.size, wanted.size);
  if (otherSize !== undefined) throw digestMismatch(from.address, otherSize);
  const incoming = { key: to.key, size: file.size, release: (bytes: number) => meter(-bytes) };
  const upload = await to.depot.upload(incoming, signal);
  try {
    const proof = createProof(wanted.digest);
    await send(file, upload, { proof, meter });
    const { copied, difference } = proof.finish();
    if (difference !== undefined) throw digestMismatch(from.address, difference);
    signal.throwIfAborted();
    if ((await upload.publish(copied.sha256)) === 'written') return copied;
  } catch (thrown) {
    await upload.discard();
    throw thrown;
  }
  await upload.discard();
  const after = await proveThere(to, wanted, signal);
  if (after !== undefined) return after;
  throw new RetryableError(
    `${redactUrl(to.address)} was taken and is free again: somebody else writes there, too`,
  );
}

/** While one part is sent the next one is read. */
async function send(
  file: FileParts,
  upload: Upload,
  by: { readonly proof: Proof; readonly meter: Meter },
): Promise<void> {
  let sending: Promise<void> = Promise.resolve();
  try {
    for await (const part of file.parts) {
      by.meter(part.length);
      by.proof.add(part);
      await sending;
      sending = upload.add(part);
      // What it throws is seen when it is awaited, perhaps after the next part was read.
      sending.catch(() => undefined);
    }
  } finally {
    await sending;
  }
}

/** What is at the destination, read and proven; undefined: nothing. @throws UserError `address-taken` */
async function proveThere(to: Spot, wanted: Copy, signal: AbortSignal): Promise<Copied | undefined> {
  const there = await to.depot.open(to.key, signal);
  if (there === undefined) return undefined;
  const otherSize = sizeDifference(there.size, wanted.size);
  if (otherSize !== undefined) throw addressTaken(to.address, otherSize);
  const proof = createProof(wanted.digest);
  for await (const part of there.parts) proof.add(part);
  const { copied, difference } = proof.finish();
  if (difference !== undefined) throw addressTaken(to.address, difference);
  return copied;
}
