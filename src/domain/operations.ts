import type { Trouble } from './job.ts';

/** What those who run an installation look at and decide. Times are ISO times. */

/** A pause of effects: while it stands nothing is written to any host. */
export interface Pause {
  readonly at: string;
  /** Who paused, in words: `ops`, `alice at corp`. */
  readonly actor: string;
  readonly reason: string;
}

/** Trouble of a job that was tried; the job itself is tried again. */
export interface JobTrouble extends Trouble {
  /** How often it was tried in vain. */
  readonly attempts: number;
  /** When it is tried again by itself; undefined: it was given up. */
  readonly next: string | undefined;
}

/** A job that fails, or that nobody here can run. */
export interface FailedJob extends Omit<JobTrouble, 'cause'> {
  /** The name that jobs are deduplicated by; what `retry` takes. */
  readonly key: string;
  readonly queue: string;
  readonly kind: string;
  readonly ids: Readonly<Record<string, string | number>>;
  /** When it failed for the first and for the last time. */
  readonly since: string;
  readonly last: string;
  /** A newer modelgate wrote it: one of that version has to run it. */
  readonly newer: boolean;
}

/** A job at work. */
export interface ActiveJob {
  readonly kind: string;
  readonly ids: Readonly<Record<string, string | number>>;
  readonly since: string;
}

/** A worker by what it said of itself last. */
export interface WorkerState {
  /** Host name and process id in one. */
  readonly id: string;
  readonly host: string;
  readonly pid: number;
  readonly version: string;
  readonly queues: readonly string[];
  readonly jobs: readonly ActiveJob[];
  readonly started: string;
  /** The last sign of life. */
  readonly at: string;
  /** The longest time that its event loop was late between two signs of life. Milliseconds. */
  readonly loopDelayMs: number;
}

/** How full a queue is. */
export interface QueueState {
  readonly queue: string;
  readonly waiting: number;
  readonly active: number;
  /** Since when the job waits that waits longest, and since when the one is at work that is at work longest. */
  readonly oldestWaiting: string | undefined;
  readonly oldestActive: string | undefined;
}

/** Everything at one moment. */
export interface OperationsState {
  readonly pause: Pause | undefined;
  readonly queues: readonly QueueState[];
  /** Stored wake-ups, and when the first is due. */
  readonly wakeUps: { readonly count: number; readonly next: string | undefined };
  readonly workers: readonly WorkerState[];
  /** How many jobs fail. */
  readonly failed: number;
}

/** An entry of the audit. */
export interface AuditEntry {
  readonly at: string;
  readonly actor: string;
  /** `pause`, `resume`, `retry`, `judge again` */
  readonly action: string;
  /** What it was done to: the key of a job, `effects`, a change as `subjectKey` has it. */
  readonly subject: string;
  /** Why, in the actor's words; empty where nobody is asked. */
  readonly reason: string;
}

/** What a job is about, in words: `corp 12 change 7`. How its host writes numbers, a job does not say. */
export function subjectWords(ids: FailedJob['ids']): string {
  const { host, repositoryId, number, branch, tip, environment, sha } = ids;
  const place = tip === undefined ? (branch ?? sha) : `branch ${tip}`;
  const what = number === undefined ? place : `change ${number}`;
  const target = environment === undefined ? undefined : `to ${environment}`;
  return [host, repositoryId, what, target].filter((part) => part !== undefined).join(' ');
}
