import { once } from 'node:events';
import type { Redis } from '../adapters/redis/connect.ts';

/** What Redis gets to answer before we say that it does not. Milliseconds. */
const connectMs = 2000;

/** Waits for the first connection, but not for a Redis that is away: webhooks get their 503 meanwhile. */
export async function connected(redis: Redis): Promise<void> {
  if (redis.status === 'ready') return;
  await once(redis, 'ready', { signal: AbortSignal.timeout(connectMs) }).catch(() => undefined);
}

/** What a step of the end may wait for Redis: for one that is away it does not pay. Milliseconds. */
export function patienceWith(redis: Redis): number {
  return redis.status === 'ready' ? 2000 : 100;
}
