import { AbortError, messageOf, RetryableError, UserError } from '../errors.ts';
import type { Change } from '../domain/change.ts';
import type { Run, SubjectRecord } from '../domain/run.ts';
import type { ChangeSubject } from '../domain/subject.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import { rulesVersion } from '../rules/index.ts';
import type { GateDeps } from './deps.ts';
import { beginRun, evaluate, newRun } from './evaluate.ts';
import { runIdOf } from './evaluation-key.ts';
import { endOtherHeads, reportRun, reportStatus, type Reporting } from './report-run.ts';
import { loadOrBegin, updateSubject } from './subject-record.ts';
import { followUpsOf, idsOf, retryOf } from './follow-ups.ts';
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
  try {
    const change = await host.changes.read(subject.repositoryId, subject.number, signal);
    if (change === undefined) return [];
    if (change.state !== 'open') return await endChange(subject, host, change, deps, signal);
    return await gateOpenChange(subject, host, change, deps, signal);
  } catch (thrown) {
    if (thrown instanceof AbortError) throw thrown;
    if (!(thrown instanceof RetryableError) && !(thrown instanceof UserError)) throw thrown;
    deps.log.warn({ err: thrown, attempt }, 'the change could not be judged or reported');
    if (attempt > deps.retries.after.length) await giveUp(subject, host, thrown, deps, signal);
    return [retryOf(subject, attempt, thrown, { now: deps.clock.now(), retries: deps.retries })];
  }
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
  if (known !== undefined) return showAgain(known, { host, change, generation: record.generation }, deps, signal);

  const wanted = { repository: change.repository, targetBranch: change.targetBranch, head: change.head, headRef: change.headRef };
  const watch = await watchHeads(subject, deps, signal);
  try {
    const snapshot = await deps.snapshots.take(wanted, watch.signal);
    const begun = await beginRun(subject, change, snapshot, record.fresh, deps, watch.signal);
    const reporting = await begin(begun, { host, change }, deps, watch.signal);
    if (begun.state === 'judged' && begun.trouble === undefined) return await showAgain(begun, reporting, deps, signal);
    const log = deps.log.child({ run: begun.id });
    const running = await deps.store.saveRun({ ...begun, state: 'running' });
    log.info({ base: snapshot.base.commit, head: change.head }, 'judging the merge result');
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

/** The newest run, when it judged this very head with the rules of today and nobody asked for a fresh one. */
async function judgedAlready(record: SubjectRecord, change: Change, deps: GateDeps): Promise<Run | undefined> {
  if (record.runId === undefined || record.runFresh !== record.fresh) return undefined;
  const run = await deps.store.loadRun(record.runId);
  const same =
    run?.state === 'judged' &&
    run.judgement?.rulesVersion === rulesVersion &&
    run.change.head === change.head &&
    run.change.targetBranch === change.targetBranch;
  return same ? run : undefined;
}

/** Makes the run the subject's newest, ends the other heads, and shows that it is running. */
async function begin(
  run: Run,
  to: { readonly host: Host; readonly change: Change },
  deps: GateDeps,
  signal: AbortSignal,
): Promise<Reporting> {
  const { runId: older } = await loadOrBegin(deps.store, run.subject);
  if (older !== undefined && older !== run.id) await endRun(older, 'superseded', `superseded by ${run.id}`, deps);
  const record = await updateSubject(deps.store, run.subject, (before) => ({
    ...before,
    generation: before.generation + 1,
    runId: run.id,
    runFresh: before.fresh,
  }));
  const reporting = { ...to, generation: record.generation };
  await endOtherHeads(run, reporting, to.change.head, deps, signal);
  if (run.state !== 'judged') await reportStatus(run, reporting, deps, signal);
  return reporting;
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
  await endOtherHeads({ subject }, reporting, undefined, deps, signal);
  // A verdict keeps its looks: the next one finds that the change is closed, or open again.
  if (record.runId !== undefined) await endRun(record.runId, 'cancelled', `the change was ${change.state}`, deps);
  return [];
}

/** A run that will never be judged is not left running. */
async function endRun(id: string, state: 'superseded' | 'cancelled', text: string, deps: GateDeps): Promise<void> {
  const run = await deps.store.loadRun(id);
  if (run?.state !== 'running') return;
  const timeline = [...run.timeline, { at: deps.clock.now().toISOString(), text }];
  await deps.store.saveRun({ ...run, state, timeline });
}

/** After the last try: undecided, with the reason, where the host can still be told; a verdict that stands is left. */
async function giveUp(
  subject: ChangeSubject,
  host: Host,
  cause: Error,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<void> {
  try {
    const change = await host.changes.read(subject.repositoryId, subject.number, signal);
    if (change?.state !== 'open') return;
    const record = await loadOrBegin(deps.store, subject);
    if ((await judgedAlready(record, change, deps)) !== undefined) return;
    const run = await troubledRun(change, record, deps);
    const at = deps.clock.now().toISOString();
    const trouble = messageOf(cause);
    const timeline = [...run.timeline, { at, text: `could not decide: ${trouble}` }].slice(-100);
    const decision = { verdict: 'undecided', blocking: true } as const;
    const saved = await deps.store.saveRun({ ...run, state: 'judged', decision, trouble, timeline });
    const reporting = await begin(saved, { host, change }, deps, signal);
    await reportStatus(saved, reporting, deps, signal);
  } catch (thrown) {
    deps.log.error({ err: thrown }, 'the host could not be told that the change is undecided');
  }
}

/** The run that could not be judged: the newest of this head, or one that stands for it where none could begin. */
async function troubledRun(change: Change, record: SubjectRecord, deps: GateDeps): Promise<Run> {
  const { subject, fresh } = record;
  const newest = record.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
  if (newest?.change.head === change.head && newest.judgement === undefined) return newest;
  const id = runIdOf({ subject, head: change.head, targetTip: change.head, policyBlob: undefined, rulesVersion, fresh });
  return (await deps.store.loadRun(id)) ?? newRun(id, subject, change, undefined, deps);
}
