/** Kinds of jobs; the job table in `jobs/` has one entry for each. */
export type JobKind = 'gate-change' | 'look-again' | 'run-command' | 'sweep';

/** A job is a poke: ids only, so that the worker re-reads what is true. Payloads grow, they never change. */
export interface Job {
  readonly kind: JobKind;
  /** Flat ids: host, repositoryId, number, commentId, attempt. */
  readonly ids: Readonly<Record<string, string | number>>;
}

/** What a use case asks to happen next; `jobs/` enqueues it. `at` undefined: now. */
export interface FollowUp extends Job {
  readonly at: Date | undefined;
}

/** Wakes workers. */
export interface Queue {
  /** Deduplicated per kind and subject; of several pokes during a run the last one runs afterwards. */
  poke(job: Job): Promise<void>;
  /** Stored wake-up: the job is poked when its time has come; one per kind and subject, the newest replaces it. */
  wakeAt(job: Job, at: Date): Promise<void>;
}

/** The name under which pokes of a job are deduplicated; no `:` in it. */
export function jobKey(job: Job): string {
  const { host, repositoryId, number, commentId } = job.ids;
  return [job.kind, host, repositoryId, number, commentId].filter((part) => part !== undefined).join('/');
}
