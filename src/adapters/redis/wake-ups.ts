import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Log } from '../../log.ts';
import type { WakeUp, WakeUps } from '../../ports/wake-ups.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

const stored = z.object({
  v: z.literal(keyTable.wakeUpJobs.version),
  at: z.number(),
  queue: z.string(),
  payload: z.object({
    v: z.number(),
    kind: z.string(),
    ids: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
});

const putBoth = `
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
`;

/** Removes a wake-up unless it was replaced since it was read. */
const removeIfUnchanged = `
local text = redis.call('HGET', KEYS[2], ARGV[1])
if text and text ~= ARGV[2] then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
return 1
`;

/** Stored wake-ups in Redis: a zset by due time and a hash with the jobs. */
export function createWakeUps(redis: Redis, keys: Keys, log: Log): WakeUps {
  async function remove(key: string, text: string): Promise<void> {
    await redis.eval(removeIfUnchanged, 2, keys.wakeUps, keys.wakeUpJobs, key, text);
  }

  return {
    async put({ key, queue, payload, at }) {
      const time = at.getTime();
      const text = JSON.stringify({ v: keyTable.wakeUpJobs.version, at: time, queue, payload });
      await redis.eval(putBoth, 2, keys.wakeUps, keys.wakeUpJobs, time, key, text);
    },

    async takeDue(now, limit, poke) {
      const due = await redis.zrange(
        keys.wakeUps,
        '-inf',
        String(now.getTime()),
        'BYSCORE',
        'LIMIT',
        0,
        limit,
      );
      if (due.length === 0) return 0;
      const texts = await redis.hmget(keys.wakeUpJobs, ...due);
      for (const [index, key] of due.entries()) {
        const text = texts[index] ?? '';
        const wakeUp = read(key, text);
        if (wakeUp === undefined) log.error({ job: key }, 'a stored wake-up is not readable and is dropped');
        else await poke(wakeUp);
        await remove(key, text);
      }
      return due.length;
    },

    async pending() {
      const [count, first] = await Promise.all([
        redis.zcard(keys.wakeUps),
        redis.zrange(keys.wakeUps, 0, '0', 'WITHSCORES'),
      ]);
      return { count, next: first[1] === undefined ? undefined : new Date(Number(first[1])) };
    },
  };
}

function read(key: string, text: string): WakeUp | undefined {
  try {
    const { queue, payload, at } = stored.parse(JSON.parse(text));
    return { key, queue, payload, at: new Date(at) };
  } catch {
    return undefined;
  }
}
