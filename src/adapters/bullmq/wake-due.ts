import type { Clock } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { WakeUp, WakeUps } from '../../ports/wake-ups.ts';

const batch = 100;

export interface WakeDueDeps {
  readonly wakeUps: WakeUps;
  /** Whether there is such a queue in this version. */
  readonly knows: (queue: string) => boolean;
  readonly poke: (wakeUp: WakeUp) => Promise<void>;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}

/**
 * Makes the function that turns due wake-ups into pokes. Its calls wait for each other: two at once would poke the
 * same wake-ups twice, and what is poked while it is at work runs again.
 */
export function createWakeDue(deps: WakeDueDeps, signal: AbortSignal): () => Promise<void> {
  const poke = async (wakeUp: WakeUp): Promise<boolean> => {
    if (!deps.knows(wakeUp.queue)) return false;
    await deps.poke(wakeUp);
    deps.telemetry.count('modelgate_wakeups_poked_total', { queue: wakeUp.queue });
    return true;
  };

  async function wakeDue(): Promise<void> {
    let taken = batch;
    while (taken === batch && !signal.aborted)
      taken = await deps.wakeUps.takeDue(deps.clock.now(), batch, poke);
  }

  let last: Promise<void> = Promise.resolve();
  return () => {
    const mine = last.then(wakeDue);
    last = mine.catch(() => undefined);
    return mine;
  };
}
