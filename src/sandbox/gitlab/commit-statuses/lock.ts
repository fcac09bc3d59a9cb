import { setTimeout as delay } from 'node:timers/promises';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';

/** Takes the lock of a commit's statuses, or waits its turn. @throws Refusal 409 when it never comes (specs git-hosts 3.5 step 1). */
export async function withStatusLock<T>(world: World, key: string, task: () => Promise<T>): Promise<T> {
  const { tries, delayMs } = world.knobs.statusLock;
  for (let waited = 0; world.statusLocks.has(key); waited += 1) {
    if (waited >= tries)
      throw new Refusal(409, { message: 'Another update to this commit status is in progress' });
    await delay(delayMs);
  }
  world.statusLocks.add(key);
  try {
    return await task();
  } finally {
    world.statusLocks.delete(key);
  }
}
