import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../ports/clock.ts';
import type { Intake } from './intake.ts';

export interface OutageDeps {
  readonly log: Log;
  readonly clock: Clock;
  /** Whether Redis takes deliveries, as far as it can be seen without one. Never throws. */
  readonly takes: () => Promise<boolean>;
}

/** How often it is looked whether they can be taken in again. Milliseconds. */
const lookMs = 2000;

/**
 * One line when deliveries begin to be refused and one when they are taken in again, however many come meanwhile. Hosts do
 * not send the refused ones again, so that it is looked for as well: a quiet night would leave it open.
 */
export function createIntakeOutage({ log, clock, takes }: OutageDeps): (intake: Intake) => void {
  let away = false;
  let cancel = (): void => undefined;

  function begin(reason: unknown): void {
    away = true;
    log.error({ reason: messageOf(reason) }, 'deliveries are refused: redis does not take them');
    wait();
  }

  function end(): void {
    if (away) log.info({}, 'deliveries are taken in again');
    away = false;
    cancel();
  }

  function wait(): void {
    cancel = clock.after(lookMs, () => void look());
  }

  async function look(): Promise<void> {
    const taken = await takes();
    if (!away) return;
    if (taken) end();
    else wait();
  }

  return (intake) => {
    if (intake.result !== 'unavailable') end();
    else if (!away) begin(intake.reason);
  };
}
