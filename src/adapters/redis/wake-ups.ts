import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { Log } from '../../log.ts';
import { askRedis } from '../../net/redis-trouble.ts';
import type { WakeUp, WakeUps } from '../../ports/wake-ups.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

const versioned = z.object({ v: z.number() });

const stored = z.object({
  v: z.literal(keyTable.wakeUpJobs.version),
  at: z.number(),
  queue: z.string(),
  // Loose: what a newer version wrote beside them goes with it.
  payload: z.looseObject({
    v: z.number(),
    kind: z.string(),
    ids: z.record(z.string(), z.union([z.string(), z.number()])),
    failures: z.number().optional(),
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

/**
 * Stored wake-ups in Redis: a zset by due time and a hash with the jobs.
 * @throws RetryableError when Redis is away or refuses.
 */
export function createWakeUps(redis: Redis, keys: Keys, log: Log): WakeUps {
  const told = new Set<string>();

  async function remove(key: string, text: string): Promise<void> {
    await askRedis(() => redis.eval(removeIfUnchanged, 2, keys.wakeUps, keys.wakeUpJobs, key, text));
  }

  /** Says once what is left to others: it is met again at every tick. */
  function leave(key: string, why: Readonly<Record<string, string | number>>): 'left' {
    const what = JSON.stringify(why);
    if (!told.has(what)) log.warn({ job: key, ...why }, 'stored wake-ups are left to a newer version');
    told.add(what);
    return 'left';
  }

  async function take(key: string, { now, poke }: Taking): Promise<'taken' | 'left'> {
    const text = (await askRedis(() => redis.hget(keys.wakeUpJobs, key))) ?? '';
    const read = readStored(key, text);
    if (read.is === 'newer') return leave(key, { version: read.version });
    if (read.is === 'broken') log.error({ job: key }, 'a stored wake-up is not readable and is dropped');
    else {
      // Replaced since the due ones were listed: its new time has not come.
      if (read.wakeUp.at > now) return 'taken';
      if (!(await poke(read.wakeUp))) return leave(key, { queue: read.wakeUp.queue });
    }
    await remove(key, text);
    return 'taken';
  }

  /** Keys of due rows, behind those that were left. */
  function listDue(now: Date, left: number, limit: number): Promise<string[]> {
    const until = String(now.getTime());
    return askRedis(() => redis.zrange(keys.wakeUps, '-inf', until, 'BYSCORE', 'LIMIT', left, limit));
  }

  return {
    async put({ key, queue, payload, at }) {
      const time = at.getTime();
      const text = JSON.stringify({ v: keyTable.wakeUpJobs.version, at: time, queue, payload });
      await askRedis(() => redis.eval(putBoth, 2, keys.wakeUps, keys.wakeUpJobs, time, key, text));
    },

    async takeDue(now, limit, poke) {
      let taken = 0;
      let left = 0;
      while (taken < limit) {
        const wanted = limit - taken;
        const due = await listDue(now, left, wanted);
        for (const key of due) {
          if ((await take(key, { now, poke })) === 'taken') taken += 1;
          else left += 1;
        }
        if (due.length < wanted) break;
      }
      return taken;
    },

    async pending() {
      const [count, first] = await askRedis(() =>
        Promise.all([redis.zcard(keys.wakeUps), redis.zrange(keys.wakeUps, 0, '0', 'WITHSCORES')]),
      );
      return { count, next: first[1] === undefined ? undefined : new Date(Number(first[1])) };
    },
  };
}

interface Taking {
  readonly now: Date;
  readonly poke: (wakeUp: WakeUp) => Promise<boolean>;
}

type ReadStored =
  | { readonly is: 'wake-up'; readonly wakeUp: WakeUp }
  | { readonly is: 'newer'; readonly version: number }
  | { readonly is: 'broken' };

function readStored(key: string, text: string): ReadStored {
  const record = parse(text);
  const version = versioned.safeParse(record).data?.v ?? 0;
  if (version > keyTable.wakeUpJobs.version) return { is: 'newer', version };
  const { data } = stored.safeParse(record);
  if (data === undefined) return { is: 'broken' };
  return { is: 'wake-up', wakeUp: { key, queue: data.queue, payload: data.payload, at: new Date(data.at) } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
