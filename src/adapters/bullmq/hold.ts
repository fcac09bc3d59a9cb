import type { Pause } from '../../domain/operations.ts';
import type { Log } from '../../log.ts';
import type { QueueName } from './payload.ts';

/** What holds jobs back while effects are paused. */
export interface HoldDeps {
  /** The pause in force. */
  readonly pause: () => Promise<Pause | undefined>;
  /** The queues of this worker, and what fetches their jobs. */
  readonly lanes: () => readonly Held[];
  readonly log: Log;
}

/** A queue of a worker, as far as it can be held. */
export interface Held {
  readonly queue: QueueName;
  readonly bull: { pause(doNotWait: boolean): Promise<void>; resume(): Promise<void> };
}

/** Queues whose jobs write: to hosts, and to what production is made of. */
const writing: readonly QueueName[] = ['gate', 'release'];

/** Follows the pause of effects: jobs stay in their queue while it stands. */
export interface Hold {
  /** Asks whether there is a pause; to be called about once a second. */
  follow(): Promise<void>;
  /** Whether jobs of the queue are held, as far as we know. */
  holds(queue: QueueName): boolean;
}

/** Jobs that wait cost nothing, keep their place and tell their age: that is why they are not started and put back. */
export function createHold({ pause, lanes, log }: HoldDeps): Hold {
  let held = false;
  return {
    async follow() {
      const current = await pause();
      if ((current !== undefined) === held) return;
      held = !held;
      const mine = lanes().filter(({ queue }) => writing.includes(queue));
      await Promise.all(mine.map(({ bull }) => (held ? bull.pause(true) : bull.resume())));
      const fields =
        current === undefined ? {} : { since: current.at, actor: current.actor, why: current.reason };
      if (held)
        log.warn(
          fields,
          'effects are paused: jobs wait in their queue, nothing is written to hosts and nothing is released',
        );
      else log.info({}, 'effects are not paused any more');
    },
    holds: (queue) => held && writing.includes(queue),
  };
}
