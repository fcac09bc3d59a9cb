import type { Redis } from 'ioredis';
import type { Clock } from '../../ports/clock.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

/** What a worker says of itself. */
export interface Beat {
  readonly queues: readonly string[];
  /** Jobs at work. */
  readonly active: number;
}

/** Says that this worker is alive; it is forgotten 30 s after the last beat. */
export type Heartbeat = (beat: Beat) => Promise<void>;

/** Times are those of Redis, as the clocks of machines differ. */
const writeBeat = `
local time = tonumber(redis.call('TIME')[1]) * 1000
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('ZADD', KEYS[2], time, ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', time - tonumber(ARGV[3]))
redis.call('PEXPIRE', KEYS[2], ARGV[3])
`;

/** Beats under the worker's id: host name and process, unique among workers. */
export function createHeartbeat(
  redis: Redis,
  keys: Keys,
  worker: { readonly id: string; readonly clock: Clock },
): Heartbeat {
  const { id, clock } = worker;
  return async (beat) => {
    const text = JSON.stringify({ v: keyTable.worker.version, id, at: clock.now().toISOString(), ...beat });
    await redis.eval(writeBeat, 2, keys.worker(id), keys.workers, id, text, keyTable.worker.ttlMs);
  };
}

/** Ids of the workers that gave a sign of life within the last 30 s; what the probes tell. */
export async function liveWorkers(redis: Redis, keys: Keys): Promise<readonly string[]> {
  const [seconds] = await redis.time();
  const since = Number(seconds) * 1000 - keyTable.worker.ttlMs;
  return (await redis.zrange(keys.workers, since, '+inf', 'BYSCORE')).sort();
}
