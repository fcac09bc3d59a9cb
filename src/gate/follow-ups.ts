import { RetryableError, UserError } from '../errors.ts';
import { gateJob, type Trouble } from '../domain/job.ts';
import type { Run } from '../domain/run.ts';
import { idsOf, type Subject } from '../domain/subject.ts';
import type { FollowUp } from '../ports/queue.ts';
import { isKnownTrouble, troubleText } from './trouble.ts';

/** What has to happen after a run was reported: the next look at the data remotes, if any. */
export function followUpsOf(run: Run): readonly FollowUp[] {
  const next = run.looks?.next;
  if (next === undefined) return [];
  return [{ kind: 'look-again', ids: idsOf(run.subject), at: new Date(next) }];
}

/** When a change that could not be judged or reported is tried again. Milliseconds. */
export interface RetrySchedule {
  /** Waits after the first failures, in order; after one more the change is undecided. */
  readonly after: readonly number[];
  /** The wait between all later tries. */
  readonly every: number;
}

/** Twice soon, then every five minutes. */
export const defaultRetries: RetrySchedule = { after: [5_000, 15_000], every: 300_000 };

/** The same job again when its schedule says, or later where the other side said so. `attempt` is the one that failed. */
export function retryOf(
  subject: Subject,
  attempt: number,
  cause: unknown,
  { now, retries }: { readonly now: Date; readonly retries: RetrySchedule },
): FollowUp {
  const asked = cause instanceof RetryableError ? (cause.retryAfter ?? 0) : 0;
  const wait = Math.max(retries.after[attempt - 1] ?? retries.every, asked);
  const { kind, ids } = gateJob(subject);
  return {
    kind,
    ids: { ...ids, attempt: attempt + 1 },
    at: new Date(now.getTime() + wait),
    trouble: { reason: troubleText(cause), cause: causeOf(cause) },
  };
}

/** The subject is judged, or shown again, as soon as a worker is free. */
export function judgeNow(subject: Subject): FollowUp {
  return { ...gateJob(subject), at: undefined };
}

function causeOf(thrown: unknown): Trouble['cause'] {
  if (!isKnownTrouble(thrown)) return 'defect';
  return thrown instanceof UserError ? 'user' : 'outside';
}
