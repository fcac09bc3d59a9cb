import type { Redis } from 'ioredis';
import { z } from 'zod';
import { askRedis } from '../../net/redis-trouble.ts';
import type { Pause } from '../../domain/operations.ts';
import type { PauseSwitch } from '../../ports/operations.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

const stored = z.object({ at: z.string(), actor: z.string(), reason: z.string() });

/** One key: it is there while effects are paused. @throws RetryableError when Redis is away or refuses. */
export function createPauseSwitch(redis: Redis, keys: Keys): PauseSwitch {
  async function current(): Promise<Pause | undefined> {
    const text = await askRedis(() => redis.get(keys.pause));
    return text === null ? undefined : readPause(text);
  }

  return {
    current,
    async set(pause) {
      const text = JSON.stringify({ v: keyTable.pause.version, ...pause });
      const set = await askRedis(() => redis.set(keys.pause, text, 'NX'));
      return set === 'OK' ? pause : ((await current()) ?? pause);
    },
    clear: async () => (await askRedis(() => redis.del(keys.pause))) > 0,
  };
}

/** Whatever stands there is a pause: to write although somebody wanted us to stop would be the worse mistake. */
function readPause(text: string): Pause {
  const unreadable = { at: '', actor: 'somebody', reason: 'the record of the pause is not readable' };
  try {
    return stored.safeParse(JSON.parse(text)).data ?? unreadable;
  } catch {
    return unreadable;
  }
}
