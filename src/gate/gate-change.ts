import { AbortError } from '../errors.ts';
import type { Change } from '../domain/change.ts';
import type { Run } from '../domain/run.ts';
import type { ChangeSubject } from '../domain/subject.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import type { GateDeps } from './deps.ts';
import { beginRun, evaluate } from './evaluate.ts';
import { followUpsOf, idsOf, retryOf } from './follow-ups.ts';
import { giveUp } from './give-up.ts';
import { begin, endRun, judgedAlready } from './newest-run.ts';
import { endOtherHeads, reportRun, type Reporting } from './report-run.ts';
import { loadOrBegin } from './subject-record.ts';
import { isKnownTrouble } from './trouble.ts';
import { watchHeads } from './watch-heads.ts';

/**
 * Brings what a host shows of a change into agreement with what the change is now: reads the host, judges the merge
 * result unless that was done already, and reports. Doing it again changes nothing.
 */
export async function gateChange(
  subject: ChangeSubject,
  attempt: number,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const host = deps.hosts.get(subject.host);
  if (host === undefined) return [];
  let { log } = deps;
  try {
    const change = await host.changes.read(subject.repositoryId, subject.number, signal);
    if (change === undefined) {
      log.warn(
        {},
        'the host shows no such change: it was deleted, or the token may not read its project any more',
      );
      return [];
    }
    log = log.child({ head: change.head });
    if (change.state !== 'open') return await endChange(subject, host, change, { ...deps, log }, signal);
    return await gateOpenChange(subject, host, change, { ...deps, log }, signal);
  } catch (thrown) {
    signal.throwIfAborted();
    if (isAbort(thrown)) throw thrown;
    const fields = { err: thrown, attempt };
    if (isKnownTrouble(thrown)) log.warn(fields, 'the change could not be judged or reported');
    else log.error(fields, 'the change could not be judged or reported: a defect of modelgate');
    if (attempt > deps.retries.after.length) await giveUp(subject, host, thrown, { ...deps, log }, signal);
    return [retryOf(subject, attempt, thrown, { now: deps.clock.now(), retries: deps.retries })];
  }
}

/** Somebody wants the work to end. That it took too long is trouble instead. */
function isAbort(thrown: unknown): boolean {
  return thrown instanceof AbortError && thrown.reason !== 'deadline';
}

async function gateOpenChange(
  subject: ChangeSubject,
  host: Host,
  change: Change,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const record = await loadOrBegin(deps.store, subject);
  const known = await judgedAlready(record, change, deps);
  if (known !== undefined) {
    const reporting = { host, change, generation: record.generation };
    await endOtherHeads(known, reporting, change.head, deps, signal);
    return showAgain(known, reporting, deps, signal);
  }

  const wanted = {
    repository: change.repository,
    targetBranch: change.targetBranch,
    head: change.head,
    headRef: change.headRef,
  };
  const watch = await watchHeads(subject, deps, signal);
  try {
    const snapshot = await deps.snapshots.take(wanted, watch.signal);
    const begun = await beginRun(subject, change, snapshot, record.fresh, deps, watch.signal);
    const isJudged = begun.state === 'judged' && begun.trouble === undefined;
    // Kept before it is shown: the status links to its page.
    const running = isJudged ? begun : await deps.store.saveRun({ ...begun, state: 'running' });
    const reporting = await begin(begun, { host, change, fresh: record.fresh }, deps, watch.signal);
    if (isJudged) return await showAgain(begun, reporting, deps, signal);
    const log = deps.log.child({ run: begun.id });
    log.info({ base: snapshot.base.commit }, 'judging the merge result');
    const judged = await evaluate(running, snapshot, { ...deps, log }, watch.signal);
    if (!isStill(change, await host.changes.read(subject.repositoryId, subject.number, signal))) {
      log.info({}, 'the change is another one by now: this verdict is not shown');
      return [{ kind: 'gate-change', ids: idsOf(subject), at: undefined }];
    }
    const saved = await deps.store.saveRun(judged);
    log.info({ verdict: saved.decision?.verdict }, 'judged');
    await reportRun(saved, reporting, { ...deps, log }, signal);
    return followUpsOf(saved);
  } finally {
    watch.stop();
  }
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

async function endChange(
  subject: ChangeSubject,
  host: Host,
  change: Change,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const record = await loadOrBegin(deps.store, subject);
  const reporting = { host, change, generation: record.generation };
  const trouble = await endOtherHeads({ subject }, reporting, undefined, deps, signal);
  // A verdict keeps its looks: the next one finds that the change is closed, or open again.
  if (record.runId !== undefined)
    await endRun(record.runId, 'cancelled', `the change was ${change.state}`, deps);
  if (trouble !== undefined) throw trouble;
  return [];
}
