import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { startPrivateRedis } from '../../../src/adapters/redis/private-redis.ts';
import type { ChildServer } from '../../child/answer-parent.ts';

/** A Redis of our own that writes everything to disk before it answers, and what the bench asks of it. */
export interface DurableRedis {
  readonly url: string;
  /** Empty, for whoever needs a place. */
  readonly directory: string;
  readonly figures: NonNullable<ChildServer['figures']>;
  stop(): Promise<void>;
}

/** `waiting` is the list in which BullMQ keeps the jobs that wait. */
export async function startDurableRedis(waiting: string): Promise<DurableRedis> {
  const directory = await mkdtemp(join(tmpdir(), 'modelgate-bench-'));
  const { MODELGATE_REDIS_SERVER: binary, PATH: searchPath = '' } = process.env;
  const redis = await startPrivateRedis({ binary, searchPath, directory });
  const observer = new Redis(redis.url);
  return {
    url: redis.url,
    directory,
    figures: {
      redisCpuUs: async () => cpuOf(await observer.info('cpu')),
      jobs: () => observer.llen(waiting),
      forget: async () => ((await observer.flushall()) === 'OK' ? 1 : 0),
    },
    async stop() {
      observer.disconnect();
      await redis.stop();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/** `used_cpu_sys` and `used_cpu_user`, seconds. */
function cpuOf(info: string): number {
  const fields = [...info.matchAll(/^used_cpu_(?:sys|user):([\d.]+)/gm)];
  return fields.reduce((sum, [, seconds]) => sum + Number(seconds), 0) * 1e6;
}
