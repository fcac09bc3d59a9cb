import type { WorkerTiming } from '../adapters/bullmq/worker.ts';
import { defaultRetries, type RetrySchedule } from '../gate/follow-ups.ts';
import { sweepEveryMs } from '../jobs/sweep-part.ts';
import { defaultReleaseTiming, type ReleaseTiming } from '../release/world.ts';
import type { Timeouts } from '../net/request.ts';

/** How fast things happen beside what the configuration says; tests make them faster. Milliseconds. */
export interface Timing extends WorkerTiming {
  /** How often there is a sweep, however many workers there are. */
  readonly sweepMs: number;
  /** Waits before a change that could not be judged or reported is tried again. */
  readonly retries: RetrySchedule;
  /** How long the parts of a release may take. */
  readonly release: ReleaseTiming;
  /** What a request may take; undefined: what the adapters say. */
  readonly requests: Timeouts | undefined;
  /** How long a worker may give no sign of life, or be idle beside waiting jobs, before it is taken for deaf. */
  readonly silentMs: number;
  /** What SIGTERM leaves to jobs at work. */
  readonly graceMs: number;
}

/** The timing of a server; the worker's own defaults stand in its file. */
export const defaultTiming: Omit<Timing, keyof WorkerTiming> = {
  sweepMs: sweepEveryMs,
  retries: defaultRetries,
  release: defaultReleaseTiming,
  requests: undefined,
  silentMs: 2 * 60_000,
  graceMs: 20_000,
};
