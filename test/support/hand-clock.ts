import type { Clock } from '../../src/ports/clock.ts';

/** A clock that stands still until it is moved. */
export interface HandClock extends Clock {
  /** Moves it, and runs what became due, in order. */
  advance(ms: number): Promise<void>;
  /** Timers that wait. */
  waiting(): number;
}

export function createHandClock(start = '2026-05-04T10:00:00.000Z'): HandClock {
  let now = new Date(start).getTime();
  let timers: { readonly at: number; readonly run: () => void }[] = [];

  function after(ms: number, run: () => void): () => void {
    const timer = { at: now + ms, run };
    timers.push(timer);
    return () => void (timers = timers.filter((other) => other !== timer));
  }

  return {
    now: () => new Date(now),
    after,
    sleep: (ms) => new Promise((resolve) => void after(ms, resolve)),
    async advance(ms) {
      const until = now + ms;
      for (;;) {
        const [next] = timers.filter(({ at }) => at <= until).toSorted((one, other) => one.at - other.at);
        if (next === undefined) break;
        timers = timers.filter((timer) => timer !== next);
        now = next.at;
        next.run();
        await new Promise(setImmediate);
      }
      now = until;
    },
    waiting: () => timers.length,
  };
}
