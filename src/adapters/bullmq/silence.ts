import type { QueueState } from '../../domain/operations.ts';
import { ageOf } from '../../domain/symptoms.ts';

/** One queue of this worker, as the worker sees it. */
export interface LaneState {
  readonly queue: string;
  readonly active: number;
  /** When it fetched a job last, or began to fetch, in ms since 1970. */
  readonly lastTaken: number;
  /** It does not fetch, because somebody wants it so. */
  readonly held: boolean;
}

/** What is known of a worker at one moment. */
export interface Hearing {
  readonly lanes: readonly LaneState[];
  /** What Redis says over a connection that is not the worker's: a dead one does not answer for itself. */
  readonly queues: readonly QueueState[];
  /** When the worker gave its last sign of life, in ms since 1970. */
  readonly lastBeat: number;
}

/** Judges whether this worker is deaf; to be asked now and then. */
export interface Silence {
  /** Why, in a sentence; undefined: it is not, or it was not the time before, which may be a coincidence. */
  judge(hearing: Hearing, now: Date): string | undefined;
}

/**
 * Finds a worker that runs and does nothing, as after a failover of Redis (specs stack 6.3, 2): it gave no sign of life
 * for so long although Redis answers, or it is idle while a job of its queue waits for so long.
 */
export function createSilence(silentMs: number): Silence {
  let before = false;
  return {
    judge(hearing, now) {
      const why = deafBeat(hearing, now, silentMs) ?? deafLane(hearing, now, silentMs);
      const twice = before && why !== undefined;
      before = why !== undefined;
      return twice ? why : undefined;
    },
  };
}

function deafBeat({ lastBeat }: Hearing, now: Date, silentMs: number): string | undefined {
  if (now.getTime() - lastBeat <= silentMs) return undefined;
  return 'redis answers others, and takes no sign of life from this worker';
}

function deafLane({ lanes, queues }: Hearing, now: Date, silentMs: number): string | undefined {
  const deaf = lanes.find(({ queue, active, lastTaken, held }) => {
    const state = queues.find((candidate) => candidate.queue === queue);
    const waits = ageOf(state?.oldestWaiting, now) > silentMs;
    return waits && !held && active === 0 && now.getTime() - lastTaken > silentMs;
  });
  return deaf === undefined
    ? undefined
    : `jobs of the queue ${deaf.queue} wait, and this worker fetches none although it is idle`;
}
