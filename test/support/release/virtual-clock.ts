import type { Clock } from '../../../src/ports/clock.ts';

/** A clock that moves when somebody waits for it. */
export interface VirtualClock extends Clock {
  /** Moves it to a time that has not come yet. */
  moveTo(time: number): void;
}

export function createVirtualClock(start = '2026-05-04T10:00:00.000Z'): VirtualClock {
  let now = new Date(start).getTime();
  return {
    now: () => new Date(now),
    // Whoever sleeps has waited.
    sleep: async (ms) => void (now += ms),
    // Deadlines are the stories' own business: nothing that they start takes time.
    after: () => () => undefined,
    moveTo: (time) => void (now = Math.max(now, time)),
  };
}
