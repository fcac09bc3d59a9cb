import { idsOf, type Subject } from '../domain/subject.ts';
import type { Run } from '../domain/run.ts';
import type { GateDeps } from '../gate/deps.ts';
import { judgeNow } from '../gate/follow-ups.ts';
import type { OpenChange } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';

/** What a host's lists tell of a subject. */
export type Listed = Pick<OpenChange, 'head' | 'targetBranch'>;

/** What nobody else will do about a subject that the host lists. */
export async function overdueOf(
  subject: Subject,
  listed: Listed,
  deps: GateDeps,
): Promise<readonly FollowUp[]> {
  const record = await deps.store.loadSubject(subject);
  const run = record?.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
  return jobsFor(subject, isOf(listed, run) ? run : undefined, deps);
}

/** Whether the run is of the change as the host lists it now. */
function isOf(change: Listed, run: Run | undefined): boolean {
  const { head, targetBranch = run?.change.targetBranch } = change;
  return run?.change.head === head && run.change.targetBranch === targetBranch;
}

/** A verdict waits for its looks, and trouble that was told a moment ago is tried again by itself. */
function jobsFor(subject: Subject, run: Run | undefined, deps: GateDeps): readonly FollowUp[] {
  const now = deps.clock.now().getTime();
  if (run?.state !== 'judged') return [judgeNow(subject)];
  if (run.trouble !== undefined || run.judgement === undefined) {
    const told = new Date(run.timeline.at(-1)?.at ?? 0).getTime();
    // As long again as its own wake-up waits: it is late or lost. The count of tries goes on.
    if (now - told < 2 * deps.retries.every) return [];
    const next = judgeNow(subject);
    return [{ ...next, ids: { ...next.ids, attempt: deps.retries.after.length + 1 } }];
  }
  const overdue = run.looks?.next !== undefined && new Date(run.looks.next).getTime() < now;
  return overdue ? [{ kind: 'look-again', ids: idsOf(subject), at: undefined }] : [];
}
