import type { Redis } from 'ioredis';
import type { Deliveries } from '../../ports/run-store.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

/** Delivery ids for eight days: GitLab resends for seven (specs git-hosts 1.6). */
export function createDeliveries(redis: Redis, keys: Keys): Deliveries {
  return {
    has: async (id) => (await redis.exists(keys.delivery(id))) === 1,
    remember: async (id) => void (await redis.set(keys.delivery(id), '1', 'PX', keyTable.delivery.ttlMs)),
  };
}
