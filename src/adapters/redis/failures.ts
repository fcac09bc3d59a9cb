import type { Redis } from 'ioredis';
import { z } from 'zod';
import { askRedis } from '../../net/redis-trouble.ts';
import type { FailedJob } from '../../domain/operations.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Failure, Failures } from '../../ports/operations.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

/** Jobs kept; when more fail, those whose last failure is oldest are forgotten. */
const mostJobs = 500;
const longestReason = 500;

const stored = z.object({
  v: z.literal(keyTable.failedJobs.version),
  queue: z.string(),
  // Loose: what a newer version wrote is poked as it came.
  payload: z.looseObject({
    v: z.number(),
    kind: z.string(),
    ids: z.record(z.string(), z.union([z.string(), z.number()])),
    failures: z.number().optional(),
  }),
  reason: z.string(),
  attempts: z.number(),
  since: z.string(),
  last: z.string(),
  next: z.string().optional(),
  newer: z.boolean(),
});

type Stored = z.output<typeof stored>;

const noteBoth = `
redis.call('HSET', KEYS[2], ARGV[2], ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[1], ARGV[2])
local over = redis.call('ZCARD', KEYS[1]) - tonumber(ARGV[4])
if over > 0 then
  for _, key in ipairs(redis.call('ZRANGE', KEYS[1], 0, over - 1)) do redis.call('HDEL', KEYS[2], key) end
  redis.call('ZREMRANGEBYRANK', KEYS[1], 0, over - 1)
end
redis.call('PEXPIRE', KEYS[1], ARGV[5])
redis.call('PEXPIRE', KEYS[2], ARGV[5])
`;

const clearBoth = `
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
`;

/**
 * Jobs that fail: a zset by the time of the last failure and a hash with what is known of each. `redact` takes secrets
 * out of reasons. @throws RetryableError when Redis is away or refuses.
 */
export function createFailures(
  redis: Redis,
  keys: Keys,
  { clock, redact }: { readonly clock: Clock; readonly redact: (text: string) => string },
): Failures {
  async function load(key: string): Promise<Stored | undefined> {
    return readStored(await askRedis(() => redis.hget(keys.failedJobs, key)));
  }

  async function save(key: string, record: Stored): Promise<void> {
    const time = new Date(record.last).getTime();
    const values = [time, key, JSON.stringify(record), mostJobs, keyTable.failed.ttlMs];
    await askRedis(() => redis.eval(noteBoth, 2, keys.failed, keys.failedJobs, ...values));
  }

  return {
    async note({ key, queue, payload, attempts, next, newer, ...failure }) {
      const last = clock.now().toISOString();
      const before = await load(key);
      const since = before?.newer === newer ? before.since : last;
      const reason = redact(failure.reason).slice(0, longestReason);
      await save(key, { v: 1, queue, payload: { ...payload }, reason, attempts, since, last, next, newer });
    },

    async reschedule(key, next) {
      const before = await load(key);
      if (before !== undefined) await save(key, { ...before, next: next.toISOString() });
    },

    async clear(key) {
      await askRedis(() => redis.eval(clearBoth, 2, keys.failed, keys.failedJobs, key));
    },

    async list(limit) {
      const named = await askRedis(() => redis.zrevrange(keys.failed, 0, limit - 1));
      if (named.length === 0) return [];
      const texts = await askRedis(() => redis.hmget(keys.failedJobs, ...named));
      return named.flatMap((key, index) => {
        const record = readStored(texts[index]);
        return record === undefined ? [] : [toFailedJob(key, record)];
      });
    },

    async find(key) {
      const record = await load(key);
      return record === undefined ? undefined : toFailure(key, record);
    },

    count: () => askRedis(() => redis.zcard(keys.failed)),
  };
}

function toFailedJob(key: string, record: Stored): FailedJob {
  const { queue, payload, reason, attempts, since, last, next, newer } = record;
  return { key, queue, kind: payload.kind, ids: payload.ids, reason, attempts, since, last, next, newer };
}

function toFailure(key: string, { queue, payload, reason, attempts, next, newer }: Stored): Failure {
  return { key, queue, payload, reason, attempts, next, newer };
}

/** What is not readable is nobody's failure: the next one writes it again. */
function readStored(text: string | null | undefined): Stored | undefined {
  try {
    return stored.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
