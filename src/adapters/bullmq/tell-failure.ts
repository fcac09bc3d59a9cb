import type { JobTrouble } from '../../domain/operations.ts';
import { AbortError, messageOf, RetryableError, UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Failure, Failures } from '../../ports/operations.ts';
import type { Job } from '../../ports/queue.ts';
import type { Telemetry } from '../../ports/telemetry.ts';

/** Where failures are told: the log, the list of failed jobs, the figures. */
export interface FailureDeps {
  readonly log: Log;
  readonly telemetry: Telemetry;
  readonly failures: Pick<Failures, 'note' | 'clear'>;
}

/** What a try came to. */
export interface Thrown {
  readonly thrown: unknown;
  /** Somebody wanted it to end; else it failed. */
  readonly aborted: boolean;
  readonly failures: number;
}

/** Whose fault a failure is; a defect is ours. */
function causeOf(thrown: unknown): JobTrouble['cause'] {
  if (thrown instanceof RetryableError) return 'outside';
  return thrown instanceof UserError ? 'user' : 'defect';
}

/** Nothing may be written to hosts now: that is nobody's failure. */
export function isPause(thrown: unknown): boolean {
  return thrown instanceof AbortError && thrown.reason === 'paused';
}

/** One line for a job that did not run to its end. */
export function logThrown(log: Log, job: Job, { thrown, aborted, failures }: Thrown): void {
  const fields = { job: job.kind, ...job.ids, reason: messageOf(thrown) };
  if (aborted) {
    log.info(fields, 'a job was aborted and is due again');
    return;
  }
  if (causeOf(thrown) !== 'defect') {
    log.warn({ ...fields, failures }, 'a job could not be done and is tried again');
    return;
  }
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  log.error({ ...fields, failures, stack }, 'a job failed and is tried again: a defect of modelgate');
}

/** What the list of failed jobs says of a throw; a defect is said to be one. */
export function troubleOf(thrown: unknown, attempts: number, next: Date | undefined): JobTrouble {
  const cause = causeOf(thrown);
  const [line = ''] = messageOf(thrown).split('\n', 1);
  const reason = cause === 'defect' ? `a defect of modelgate: ${line}` : line;
  return { reason, cause, attempts, next: next?.toISOString() };
}

/** Keeps a failure; that it cannot be kept is no trouble of the job. */
export async function noteFailure(failure: Failure, { failures, log }: FailureDeps): Promise<void> {
  try {
    await failures.note(failure);
  } catch (error) {
    log.debug({ job: failure.key, reason: messageOf(error) }, 'a failure could not be noted');
  }
}

/** The job was done: it does not fail any more. */
export async function clearFailure(key: string, { failures, log }: FailureDeps): Promise<void> {
  try {
    await failures.clear(key);
  } catch (error) {
    log.debug({ job: key, reason: messageOf(error) }, 'a failure could not be cleared');
  }
}
