import type { Redis } from 'ioredis';
import { z } from 'zod';
import type { ActiveJob, WorkerState } from '../../domain/operations.ts';
import { askRedis } from '../../net/redis-trouble.ts';
import type { Clock } from '../../ports/clock.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

/** What a worker says of itself at each beat. */
export interface Beat {
  readonly queues: readonly string[];
  /** Jobs at work. */
  readonly jobs: readonly ActiveJob[];
}

/** What stays the same as long as it runs. */
export interface BeatingWorker {
  /** Host name and process, unique among workers. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly clock: Clock;
  /** The longest time that the event loop was late since this was asked last. Milliseconds. */
  readonly loopDelayMs: () => number;
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

/** Beats under the worker's id. */
export function createHeartbeat(redis: Redis, keys: Keys, worker: BeatingWorker): Heartbeat {
  const { id, host, pid, version, clock } = worker;
  const started = clock.now().toISOString();
  return async ({ queues, jobs }) => {
    const at = clock.now().toISOString();
    const loopDelayMs = Math.round(worker.loopDelayMs());
    const about = { id, at, queues, active: jobs.length, host, pid, version, started, jobs, loopDelayMs };
    const text = JSON.stringify({ v: keyTable.worker.version, ...about });
    await redis.eval(writeBeat, 2, keys.worker(id), keys.workers, id, text, keyTable.worker.ttlMs);
  };
}

/** Ids of the workers that gave a sign of life within the last 30 s. */
export async function liveWorkers(redis: Redis, keys: Keys): Promise<readonly string[]> {
  const [seconds] = await redis.time();
  const since = Number(seconds) * 1000 - keyTable.worker.ttlMs;
  return (await redis.zrange(keys.workers, since, '+inf', 'BYSCORE')).sort();
}

/** What an older version did not say yet is empty. */
const stored = z.object({
  id: z.string(),
  at: z.string(),
  queues: z.array(z.string()),
  host: z.string().default(''),
  pid: z.number().default(0),
  version: z.string().default(''),
  started: z.string().default(''),
  loopDelayMs: z.number().default(0),
  jobs: z
    .array(
      z.object({
        kind: z.string(),
        ids: z.record(z.string(), z.union([z.string(), z.number()])),
        since: z.string(),
      }),
    )
    .default([]),
});

/** What the live workers said last, by id. @throws RetryableError when Redis is away. */
export async function workerStates(redis: Redis, keys: Keys): Promise<readonly WorkerState[]> {
  const ids = await askRedis(() => liveWorkers(redis, keys));
  if (ids.length === 0) return [];
  const texts = await askRedis(() => redis.mget(ids.map((id) => keys.worker(id))));
  return texts.flatMap((text) => readBeat(text) ?? []);
}

function readBeat(text: string | null): WorkerState | undefined {
  try {
    return stored.safeParse(JSON.parse(text ?? '')).data;
  } catch {
    return undefined;
  }
}
