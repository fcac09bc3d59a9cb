import type { Change } from '../domain/change.ts';
import type { Sha } from '../domain/repository.ts';
import type { Run } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import type { GateDeps } from './deps.ts';
import { endChange, endGone } from './end-change.ts';
import { beginRun, evaluate } from './evaluate.ts';
import { followUpsOf, judgeNow } from './follow-ups.ts';
import { begin, isSettled, judgedAlready } from './newest-run.ts';
import { endOtherHeads, reportRun } from './report-run.ts';
import type { ReadChange, Reporting } from './reporting.ts';
import { showSharers } from './shared-head.ts';
import { loadOrBegin } from './subject-record.ts';
import { tryLater } from './try-later.ts';
import { watchHeads } from './watch-heads.ts';

/**
 * Brings what a host shows of a change or merge group into agreement with what it is now: reads the host, judges the merge
 * result unless that was done already, and reports. Doing it again changes nothing.
 */
export async function gateChange(
  subject: Subject,
  attempt: number,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const host = deps.hosts.get(subject.host);
  return host === undefined ? [] : gateSubject({ subject, host, attempt }, deps, signal);
}

/** What is to be judged, and which try it is, from 1. */
export interface Gating {
  readonly subject: Subject;
  readonly host: Host;
  readonly attempt: number;
  /** The tip of a branch, which is judged as it is: the commit that is expected there, and what is not new in it. */
  readonly tip?: { readonly sha: Sha; readonly since: Sha | undefined } | undefined;
}

/** The same for any subject. */
export async function gateSubject(
  gating: Gating,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const { subject, host, attempt, tip } = gating;
  let { log } = deps;
  const left: FollowUp[] = [];
  try {
    const change = await host.changes.read(subject, signal);
    if (change === undefined) return await endGone({ subject, host }, deps, signal);
    log = log.child({ head: change.head });
    if (tip !== undefined && tip.sha !== change.head) return [judgeNow(subject)];
    const read = { subject, host, change, tip };
    left.push(...releasedBy(change));
    if (change.state !== 'open') return [...left, ...(await endChange(read, { ...deps, log }, signal))];
    left.push(...(await leaveHead(read, deps, signal)));
    return [...left, ...(await gateOpenChange(read, { ...deps, log }, signal))];
  } catch (cause) {
    const failed = { subject, host, attempt, cause, isJudged: true };
    return [...left, await tryLater(failed, { ...deps, log }, signal)];
  }
}

/** A merged change moved its target; the push tells it as well, in most cases. */
function releasedBy({ state, repository, targetBranch: branch }: Change): readonly FollowUp[] {
  if (state !== 'merged') return [];
  return [judgeNow({ kind: 'branch', host: repository.host, repositoryId: repository.id, branch })];
}

/** A head that the change has no more may be that of others: what is shown there is theirs again. */
async function leaveHead(
  read: ReadChange,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const { runId } = await loadOrBegin(deps.store, read.subject);
  const run = runId === undefined ? undefined : await deps.store.loadRun(runId);
  if (run === undefined || run.change.head === read.change.head) return [];
  return showSharers({ ...read, change: run.change }, deps, signal);
}

async function gateOpenChange(
  { tip, ...read }: ReadChange & Pick<Gating, 'tip'>,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const { subject, host, change } = read;
  const record = await loadOrBegin(deps.store, subject);
  const known = await judgedAlready(record, change, deps);
  if (known !== undefined && isSettled(known, deps.clock.now())) {
    const reporting = { ...read, generation: record.generation };
    await endOtherHeads(reporting, change.head, deps, signal);
    return showAgain(known, reporting, deps, signal);
  }

  const wanted = {
    repository: change.repository,
    targetBranch: change.targetBranch,
    head: change.head,
    headRef: change.headRef,
    alone: tip,
  };
  const watch = await watchHeads(subject, deps, signal, change.head);
  try {
    const snapshot = await deps.snapshots.take(wanted, watch.signal);
    const { fresh } = record;
    const begun = await beginRun({ subject, change, snapshot, fresh }, deps, watch.signal);
    const settled = isSettled(begun, deps.clock.now());
    const kept = await keepBegun(begun, known, deps);
    const reporting = await begin(kept, { host, change, fresh }, deps, watch.signal);
    if (settled) return await showAgain(kept, reporting, deps, signal);
    const log = deps.log.child({ run: kept.id });
    const what = snapshot.alone === true ? 'the tip of the branch' : 'the merge result';
    log.info({ base: snapshot.base.commit }, `judging ${what}`);
    const judged = await evaluate(kept, snapshot, { ...deps, log }, watch.signal);
    if (!isStill(change, await host.changes.read(subject, signal))) {
      log.info({}, 'the change is another one by now: this verdict is not shown');
      return [judgeNow(subject)];
    }
    const saved = await deps.store.saveRun(judged);
    log.info({ verdict: saved.decision?.verdict }, 'judged');
    await reportRun(saved, reporting, { ...deps, log }, signal);
    return followUpsOf(saved);
  } finally {
    watch.stop();
  }
}

/**
 * A run is kept before it is shown: the status links to its page. One that was shown as judged is not shown as running
 * once more; one that takes the place of a known verdict goes on with its looks.
 */
async function keepBegun(begun: Run, known: Run | undefined, deps: GateDeps): Promise<Run> {
  if (begun.state === 'judged') return begun;
  return deps.store.saveRun({ ...begun, state: 'running', looks: begun.looks ?? known?.looks });
}

/** Whether what was judged is what is there now: judging takes minutes, and not every webhook arrives. */
function isStill(judged: Change, now: Change | undefined): boolean {
  return now?.state === 'open' && now.head === judged.head && now.targetBranch === judged.targetBranch;
}

async function showAgain(
  run: Run,
  reporting: Reporting,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  await reportRun(run, reporting, deps, signal);
  return followUpsOf(run);
}
