import { RetryableError } from '../errors.ts';
import type { Run } from '../domain/run.ts';
import type { ChangeSubject } from '../domain/subject.ts';
import type { FollowUp } from '../ports/queue.ts';

/** What has to happen after a run was reported: the next look at the data remotes, if any. */
export function followUpsOf(run: Run): readonly FollowUp[] {
  const next = run.looks?.next;
  if (next === undefined) return [];
  return [{ kind: 'look-again', ids: idsOf(run.subject), at: new Date(next) }];
}

/** The same job again: after 5, 15 seconds, then every five minutes, or when the other side said. */
export function retryOf(subject: ChangeSubject, attempt: number, cause: Error, now: Date): FollowUp {
  const waits = [5_000, 15_000];
  const asked = cause instanceof RetryableError ? (cause.retryAfter ?? 0) : 0;
  const wait = Math.max(waits[attempt - 1] ?? 300_000, asked);
  return {
    kind: 'gate-change',
    ids: { ...idsOf(subject), attempt: attempt + 1 },
    at: new Date(now.getTime() + wait),
  };
}

/** The ids of a job about the subject. */
export function idsOf(subject: ChangeSubject): Readonly<Record<string, string | number>> {
  return { host: subject.host, repositoryId: subject.repositoryId, number: subject.number };
}
