import type { Run } from '../domain/run.ts';
import { subjectKey } from '../domain/subject.ts';
import type { FollowUp } from '../ports/queue.ts';
import { statusOf, type RunStatus } from '../report/status.ts';
import type { GateDeps } from './deps.ts';
import { judgeNow } from './follow-ups.ts';
import type { ReadChange } from './reporting.ts';

/*
 * Hosts show a status beside a commit, not beside a change: where two open changes have the same head, both would write
 * it in turn, and the green one could let the other merge. So the gravest of their runs is shown, whoever writes it. The tip
 * of a branch that is released may be the head of a change as well.
 */

const gravity: Readonly<Record<RunStatus['state'], number>> = {
  failure: 3,
  'action-required': 3,
  running: 2,
  success: 1,
  cancelled: 0,
};

/** The newest runs of the other open changes, and branches, with this head. The host is asked only where our records know of some. */
export async function sharersOf(
  { subject, host, change }: ReadChange,
  deps: Pick<GateDeps, 'store'>,
  signal: AbortSignal,
): Promise<readonly Run[]> {
  if (subject.kind === 'merge-group') return [];
  const known = await deps.store.subjectsOfHead(subject, change.head);
  const others = known.filter((other) => subjectKey(other) !== subjectKey(subject));
  const isAsked = others.some((other) => other.kind === 'change');
  const open = isAsked ? await host.changes.ofHead(subject.repositoryId, change.head, signal) : [];
  const sharers: Run[] = [];
  for (const other of others) {
    if (other.kind === 'merge-group') continue;
    if (other.kind === 'change' && !open.some(({ number }) => number === other.number)) continue;
    const record = await deps.store.loadSubject(other);
    const run = record?.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
    if (run?.change.head === change.head) sharers.push(run);
  }
  return sharers;
}

/** What is shown beside a head: the status of its run, or of the gravest, told by its change where there are several. */
export function sharedStatus(
  runs: readonly [Run, ...Run[]],
  deps: Pick<GateDeps, 'runUrl' | 'disclose'>,
): RunStatus {
  const statuses = runs.map((run) => ({
    run,
    status: statusOf(run, { url: deps.runUrl(run.id), disclose: deps.disclose }),
  }));
  const [first, ...others] = statuses.toSorted(
    (a, b) => gravity[b.status.state] - gravity[a.status.state] || numberOf(a.run) - numberOf(b.run),
  );
  if (first === undefined) throw new Error('there is no run to show');
  if (others.length === 0) return first.status;
  const { reference = `!${numberOf(first.run)}` } = first.run.change;
  return { ...first.status, description: `${reference} of this commit: ${first.status.description}` };
}

/** The changes that share a head which a change no longer has, or that is closed: their status is theirs alone again. */
export async function showSharers(
  of: ReadChange,
  deps: Pick<GateDeps, 'store'>,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  return (await sharersOf(of, deps, signal)).map(({ subject }) => judgeNow(subject));
}

function numberOf({ change }: Run): number {
  return change.number ?? 0;
}
