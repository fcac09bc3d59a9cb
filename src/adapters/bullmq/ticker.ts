import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { WakeUp, WakeUps } from '../../ports/wake-ups.ts';

const batch = 100;

export interface TickerDeps {
  readonly wakeUps: WakeUps;
  readonly poke: (wakeUp: WakeUp) => Promise<void>;
  /** Says that the worker is alive. */
  readonly beat: () => Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
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
      await wakeDue(deps, signal);
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

async function wakeDue(deps: TickerDeps, signal: AbortSignal): Promise<void> {
  const poke = async (wakeUp: WakeUp): Promise<void> => {
    await deps.poke(wakeUp);
    deps.telemetry.count('modelgate_wakeups_poked_total', { queue: wakeUp.queue });
  };
  let taken = batch;
  while (taken === batch && !signal.aborted)
    taken = await deps.wakeUps.takeDue(deps.clock.now(), batch, poke);
}
