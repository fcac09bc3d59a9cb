import type { WakeUpPayload } from '../../ports/wake-ups.ts';

/** A job that was stored for later because its repository had its half of the slots. */
export interface Waiting {
  readonly key: string;
  readonly payload: WakeUpPayload;
}

/**
 * Who waits for a slot of their repository, so that the first of them goes on when one is free and not only when its
 * wake-up is due. What is in here is stored as a wake-up as well: forgetting it costs a second, never a job.
 */
export interface Crowd {
  join(repository: string, waiting: Waiting): void;
  /** It runs: it does not wait any more. */
  leave(repository: string, key: string): void;
  /** The one that has waited longest, taken out; undefined when nobody waits. */
  next(repository: string): Waiting | undefined;
}

export function createCrowd(): Crowd {
  const crowds = new Map<string, Map<string, Waiting>>();

  function leave(repository: string, key: string): void {
    const crowd = crowds.get(repository);
    crowd?.delete(key);
    if (crowd?.size === 0) crowds.delete(repository);
  }

  return {
    join(repository, waiting) {
      const crowd = crowds.get(repository) ?? new Map<string, Waiting>();
      crowds.set(repository, crowd);
      if (!crowd.has(waiting.key)) crowd.set(waiting.key, waiting);
    },
    leave,
    next(repository) {
      const [first] = crowds.get(repository)?.values() ?? [];
      if (first !== undefined) leave(repository, first.key);
      return first;
    },
  };
}
