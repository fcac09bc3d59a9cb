import type { Clock } from '../../ports/clock.ts';

/** Waits for the work to end, well or not, but no longer than so many milliseconds; tells whether it ended. */
export function settledWithin(work: Promise<unknown>, ms: number, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(ms, () => resolve(false));
    const end = (): void => (cancel(), resolve(true));
    work.then(end, end);
  });
}
