import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

const form = /^sha256=([0-9a-f]{64})$/;

/**
 * Why `X-Hub-Signature-256` does not prove the body, or undefined when it does (specs git-hosts 2.1). Any secret counts,
 * so that it can be rotated; every one is tried, so that the time taken tells no position.
 */
export function findSignatureFault(
  { signature, body }: { readonly signature: string | undefined; readonly body: Buffer },
  secrets: readonly string[],
): string | undefined {
  if (signature === undefined) return 'X-Hub-Signature-256 was not sent';
  const [, hex] = form.exec(signature) ?? [];
  if (hex === undefined) return 'X-Hub-Signature-256 is not "sha256=" and 64 hexadecimal digits';
  const presented = Buffer.from(hex, 'hex');
  let found = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const key = createSecretKey(Buffer.from(secret, 'utf8'));
    const expected = createHmac('sha256', key).update(body).digest();
    if (timingSafeEqual(presented, expected)) found = true;
  }
  return found ? undefined : 'X-Hub-Signature-256 fits none of the configured secrets';
}
