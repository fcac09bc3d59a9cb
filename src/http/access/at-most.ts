import type { Clock } from '../../ports/clock.ts';

/** Counts what strangers can cause within a minute; false: not now. */
export function createAtMost(perMinute: number, clock: Pick<Clock, 'now'>): () => boolean {
  let minute = 0;
  let count = 0;
  return () => {
    const now = Math.floor(clock.now().getTime() / 60_000);
    if (now !== minute) count = 0;
    minute = now;
    count += 1;
    return count <= perMinute;
  };
}
