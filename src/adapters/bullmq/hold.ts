import type { Pause } from '../../domain/operations.ts';
import type { Log } from '../../log.ts';

/** What holds jobs back while effects are paused. */
export interface HoldDeps {
  /** The pause in force. */
  readonly pause: () => Promise<Pause | undefined>;
  /** The BullMQ workers of queues whose jobs write to hosts. */
  readonly workers: readonly { pause(doNotWait: boolean): Promise<void>; resume(): Promise<void> }[];
  readonly log: Log;
}

/** Follows the pause of effects: jobs stay in their queue while it stands. */
export interface Hold {
  /** Asks whether there is a pause; to be called about once a second. */
  follow(): Promise<void>;
  /** Whether jobs are held, as far as we know. */
  holds(): boolean;
}

/** Jobs that wait cost nothing, keep their place and tell their age: that is why they are not started and put back. */
export function createHold({ pause, workers, log }: HoldDeps): Hold {
  let held = false;
  return {
    async follow() {
      const current = await pause();
      if ((current !== undefined) === held) return;
      held = !held;
      await Promise.all(workers.map((worker) => (held ? worker.pause(true) : worker.resume())));
      const fields =
        current === undefined ? {} : { since: current.at, actor: current.actor, why: current.reason };
      if (held)
        log.warn(fields, 'effects are paused: jobs wait in their queue, and nothing is written to hosts');
      else log.info({}, 'effects are not paused any more');
    },
    holds: () => held,
  };
}
