import { awaitsTime } from '../domain/decision.ts';
import type { Change } from '../domain/change.ts';
import type { Run, SubjectRecord } from '../domain/run.ts';
import type { Host } from '../ports/host.ts';
import { rulesVersion } from '../rules/index.ts';
import type { GateDeps } from './deps.ts';
import { endOtherHeads, reportStatus } from './report-run.ts';
import type { Reporting } from './reporting.ts';
import { loadOrBegin, pruneMemory } from './subject-record.ts';

/** The newest run, when it judged this very head with the rules of today and nobody asked for a fresh one. */
export async function judgedAlready(
  record: SubjectRecord,
  change: Change,
  deps: GateDeps,
): Promise<Run | undefined> {
  if (record.runId === undefined || record.runFresh !== record.fresh) return undefined;
  const run = await deps.store.loadRun(record.runId);
  const same =
    run?.state === 'judged' &&
    run.judgement?.rulesVersion === rulesVersion &&
    run.change.head === change.head &&
    run.change.targetBranch === change.targetBranch;
  return same ? run : undefined;
}

/** Whether the run has its verdict, and no look is due that may give it another. */
export function isSettled(run: Run, now: Date): boolean {
  if (run.state !== 'judged' || run.trouble !== undefined) return false;
  const next = run.judgement !== undefined && awaitsTime(run.judgement) ? run.looks?.next : undefined;
  return next === undefined || new Date(next) > now;
}

/**
 * Makes the run the subject's newest, ends the other heads, and shows that it is running. `fresh` is what the run's id
 * was made with: whoever asked for a fresh evaluation since then gets one afterwards.
 */
export async function begin(
  run: Run,
  { host, change, fresh }: { readonly host: Host; readonly change: Change; readonly fresh: number },
  deps: GateDeps,
  signal: AbortSignal,
): Promise<Reporting> {
  const { runId: older } = await loadOrBegin(deps.store, run.subject);
  if (older !== undefined && older !== run.id)
    await endRun(older, 'superseded', `superseded by ${run.id}`, deps);
  const record = await deps.store.updateSubject(run.subject, (before) => ({
    ...pruneMemory(before, change.head),
    generation: before.generation + 1,
    runId: run.id,
    runFresh: fresh,
  }));
  const reporting = { subject: run.subject, host, change, generation: record.generation };
  await deps.store.noteHead(run.subject, change.head);
  await endOtherHeads(reporting, change.head, deps, signal);
  if (run.state !== 'judged') await reportStatus(run, reporting, deps, signal);
  return reporting;
}

/** A run that will never be judged is not left running. */
export async function endRun(
  id: string,
  state: 'superseded' | 'cancelled',
  text: string,
  deps: GateDeps,
): Promise<void> {
  const run = await deps.store.loadRun(id);
  if (run?.state !== 'running') return;
  const timeline = [...run.timeline, { at: deps.clock.now().toISOString(), text }];
  await deps.store.saveRun({ ...run, state, timeline });
}
