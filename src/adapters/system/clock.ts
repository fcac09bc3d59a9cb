import type { Clock } from '../../ports/clock.ts';

const longestSleep = 5000;

/** The machine's clock. */
export function createClock(): Clock {
  return { now: () => new Date(), sleep, after };
}

function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (!(milliseconds <= longestSleep)) {
      throw new RangeError(
        `a sleep of ${milliseconds} ms: waits over ${longestSleep} ms are stored wake-up times`,
      );
    }
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    function abort(): void {
      clearTimeout(timer);
      reject(signal.reason);
    }
    signal.addEventListener('abort', abort, { once: true });
  });
}

function after(milliseconds: number, then: () => void): () => void {
  const timer = setTimeout(then, milliseconds).unref();
  return () => clearTimeout(timer);
}
