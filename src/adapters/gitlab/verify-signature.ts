import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto';

/** What the three headers of Standard Webhooks say, and the bytes that they speak of. */
export interface Signed {
  readonly id: string | undefined;
  readonly timestamp: string | undefined;
  readonly signature: string;
  readonly body: Buffer;
}

/** What a signing token starts with; secrets without it are values of X-Gitlab-Token. */
export const signingTokenPrefix = 'whsec_';

const windowSeconds = 300;

/**
 * Why the signature does not prove the body, or undefined when it does (specs git-hosts 1.2). Any `v1` entry may match
 * any signing token, so that tokens can be rotated; entries of other versions are passed over.
 */
export function findSignatureFault(
  signed: Signed,
  signingTokens: readonly string[],
  now: Date,
): string | undefined {
  const { id, timestamp } = signed;
  if (id === undefined || id === '' || id.includes('.')) return 'webhook-id is missing or has a dot';
  if (timestamp === undefined || !/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is no time';
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > windowSeconds) {
    return `webhook-timestamp is more than ${windowSeconds} s away from this clock`;
  }
  const keys = signingTokens.map((token) => Buffer.from(token.slice(signingTokenPrefix.length), 'base64'));
  if (keys.every((key) => key.length === 0))
    return 'the delivery is signed, and no signing token is configured';
  return matchesAny(signed, keys)
    ? undefined
    : 'webhook-signature fits none of the configured signing tokens';
}

function matchesAny(signed: Signed, keys: readonly Buffer[]): boolean {
  const presented = signed.signature
    .split(/\s+/)
    .filter((entry) => entry.startsWith('v1,'))
    .map((entry) => Buffer.from(entry.slice('v1,'.length), 'base64'));
  let found = false;
  for (const key of keys) {
    if (key.length === 0) continue;
    // As a key object: of a plain buffer Node finds out by an exception that it is none, which costs more than the hash.
    const expected = createHmac('sha256', createSecretKey(key))
      .update(`${signed.id}.${signed.timestamp}.`)
      .update(signed.body)
      .digest();
    for (const one of presented) {
      if (one.length === expected.length && timingSafeEqual(one, expected)) found = true;
    }
  }
  return found;
}
