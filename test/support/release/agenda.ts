import { jobKey, type Job } from '../../../src/domain/job.ts';
import type { Queue } from '../../../src/ports/queue.ts';

/** Jobs that are due at a time; one for each key, as the queue and its wake-ups keep them. */
export interface Agenda {
  readonly queue: Queue;
  add(job: Job, at: number): void;
  /** The job that is due first, taken off. */
  take(): { readonly job: Job; readonly at: number } | undefined;
  /** When the first one is due. */
  next(): number | undefined;
  forget(): void;
}

export function createAgenda(now: () => Date): Agenda {
  const jobs = new Map<string, { readonly job: Job; readonly at: number }>();

  /** A poke comes beside a wake-up: whichever is due first runs, and the later one runs again. */
  function add(job: Job, at: number): void {
    const key = jobKey(job);
    const known = jobs.get(key);
    jobs.set(key, { job, at: known === undefined ? at : Math.min(known.at, at) });
  }

  return {
    queue: {
      poke: async (job) => add(job, now().getTime()),
      wakeAt: async (job, at) => void jobs.set(jobKey(job), { job, at: at.getTime() }),
    },
    add,
    take() {
      const [first] = [...jobs].toSorted(([, one], [, other]) => one.at - other.at);
      if (first === undefined) return undefined;
      jobs.delete(first[0]);
      return first[1];
    },
    next: () => {
      const times = [...jobs.values()].map(({ at }) => at);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    forget: () => jobs.clear(),
  };
}
