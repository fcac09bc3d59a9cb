import type { Job } from '../domain/job.ts';

export type { FollowUp, Job, JobKind } from '../domain/job.ts';

/** Wakes workers. */
export interface Queue {
  /**
   * Deduplicated per kind and subject; of several pokes during a run the last one runs afterwards. `arrived`: when the
   * delivery came that asks for it.
   */
  poke(job: Job, arrived?: Date): Promise<void>;
  /** Stored wake-up: the job is poked when its time has come; one per kind and subject, the newest replaces it. */
  wakeAt(job: Job, at: Date): Promise<void>;
}
