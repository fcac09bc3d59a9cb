import type { Redis } from 'ioredis';
import type { Clock } from '../../ports/clock.ts';
import type { Deliveries } from '../../ports/deliveries.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

const keepHeads = 50;

/** Adds the head to its set by time, newest last, forgets the oldest beyond the limit, and remembers the id. */
const keepDelivery = `
if KEYS[2] then
  redis.call('ZADD', KEYS[2], ARGV[2], ARGV[3])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[4]))
  redis.call('PEXPIRE', KEYS[2], ARGV[5])
end
return redis.call('SET', KEYS[1], '1', 'PX', ARGV[1], 'GET')
`;

/** Delivery ids for eight days: GitLab resends for seven (specs git-hosts 1.6). */
export function createDeliveries(redis: Redis, keys: Keys, clock: Clock): Deliveries {
  return {
    async keep(id, named) {
      const key = keys.delivery(id);
      const { ttlMs } = keyTable.delivery;
      if (named === undefined) return (await redis.eval(keepDelivery, 1, key, ttlMs)) !== null;
      const now = clock.now().getTime();
      const head = [now, named.head, keepHeads, keyTable.heads.ttlMs];
      return (await redis.eval(keepDelivery, 2, key, keys.heads(named.subject), ttlMs, ...head)) !== null;
    },
  };
}
