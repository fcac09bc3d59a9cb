import { createHash } from 'node:crypto';

import { RetryableError } from '../../../errors.ts';
import { redactUrl } from '../../../domain/redact-url.ts';
import type { Spot } from './copy-file.ts';

/** Writes a small file where there is none; whether its content is at the address now. */
export async function writeFile(to: Spot, content: Buffer, signal: AbortSignal): Promise<boolean> {
  const before = await isSame(to, content, signal);
  if (before !== undefined) return before;
  const upload = await to.depot.upload(
    { key: to.key, size: content.length, release: () => undefined },
    signal,
  );
  try {
    await upload.add(content);
    signal.throwIfAborted();
    if ((await upload.publish(createHash('sha256').update(content).digest('hex'))) === 'written') return true;
  } catch (thrown) {
    await upload.discard();
    throw thrown;
  }
  await upload.discard();
  const after = await isSame(to, content, signal);
  if (after !== undefined) return after;
  throw new RetryableError(
    `${redactUrl(to.address)} was taken and is free again: somebody else writes there, too`,
  );
}

/** undefined: nothing is there. */
async function isSame(to: Spot, content: Buffer, signal: AbortSignal): Promise<boolean | undefined> {
  const there = await to.depot.open(to.key, signal);
  if (there === undefined) return undefined;
  if (there.size !== content.length) return false;
  let at = 0;
  for await (const part of there.parts) {
    if (!part.equals(content.subarray(at, at + part.length))) return false;
    at += part.length;
  }
  return at === content.length;
}
