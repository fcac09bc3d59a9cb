import type { Subject } from '../domain/subject.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import type { GateDeps } from './deps.ts';
import { endRun } from './newest-run.ts';
import { endOf, endOtherHeads } from './report-run.ts';
import type { ReadChange } from './reporting.ts';
import { showSharers } from './shared-head.ts';
import { loadOrBegin } from './subject-record.ts';

/** The change was closed or merged: nothing that we began on it is left running. */
export async function endChange(
  read: ReadChange,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const record = await loadOrBegin(deps.store, read.subject);
  const reporting = { ...read, generation: record.generation };
  const trouble = await endOtherHeads(reporting, undefined, deps, signal);
  // A verdict keeps its looks: the next one finds that the change is closed, or open again.
  if (record.runId !== undefined) await endRun(record.runId, 'cancelled', endOf(read), deps);
  if (trouble !== undefined) throw trouble;
  return showSharers(read, deps, signal);
}

/**
 * The host shows no such subject, or it is none of ours any more: a merge group that was merged or dissolved, a change that
 * was deleted or that we may not see, a branch that is not released. It is ended as it was when it was last seen.
 */
export async function endGone(
  { subject, host }: { readonly subject: Subject; readonly host: Host },
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  if (subject.kind === 'change') {
    const message =
      'the host shows no such change: it was deleted, or the token may not read its repository any more';
    deps.log.warn({}, message);
  }
  const { runId } = await loadOrBegin(deps.store, subject);
  const run = runId === undefined ? undefined : await deps.store.loadRun(runId);
  if (run === undefined) return [];
  return endChange({ subject, host, change: { ...run.change, state: 'closed' } }, deps, signal);
}
