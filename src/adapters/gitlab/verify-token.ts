import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whether the presented X-Gitlab-Token is one of the secrets. Digests have one length and every secret is compared, so
 * that the time taken tells neither a length nor a position (specs git-hosts 1.2).
 */
export function tokenMatches(presented: string, secrets: readonly string[]): boolean {
  const digest = digestOf(presented);
  let found = false;
  for (const secret of secrets) {
    if (timingSafeEqual(digest, digestOf(secret)) && secret !== '') found = true;
  }
  return found;
}

function digestOf(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
