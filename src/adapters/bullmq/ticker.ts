import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';

export interface TickerDeps {
  /** Turns due wake-ups into pokes. */
  readonly wakeDue: () => Promise<void>;
  /** Holds jobs back while effects are paused. */
  readonly follow: () => Promise<void>;
  /** Says that the worker is alive. */
  readonly beat: () => Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
  readonly tickMs: number;
  readonly beatMs: number;
}

/** Turns due wake-ups into pokes, and beats, until the signal aborts; resolves then. Every worker does it. */
export async function runTicker(deps: TickerDeps, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps;
  let nextBeat = 0;
  let failing = false;
  while (!signal.aborted) {
    try {
      await deps.follow();
      await deps.wakeDue();
      if (clock.now().getTime() >= nextBeat) {
        nextBeat = clock.now().getTime() + deps.beatMs;
        await deps.beat();
      }
      failing = false;
    } catch (error) {
      if (!failing && !signal.aborted) log.warn({ reason: messageOf(error) }, 'wake-ups are late');
      failing = true;
    }
    await clock.sleep(deps.tickMs, signal).catch(() => undefined);
  }
}
