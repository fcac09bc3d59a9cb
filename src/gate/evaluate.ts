import { AbortError } from '../errors.ts';
import { awaitsData, awaitsTime, decide } from '../domain/decision.ts';
import { firstLook, nextLook, type LookSchedule } from '../domain/looks.ts';
import type { Change } from '../domain/change.ts';
import type { Looks, Run } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';
import type { CheckId, Judgement, Verdict } from '../domain/verdict.ts';
import type { Snapshot } from '../ports/snapshots.ts';
import { rulesVersion } from '../rules/index.ts';
import type { GateDeps } from './deps.ts';
import { runIdOf } from './evaluation-key.ts';
import { judge } from './judge.ts';
import { policyIn } from './load-policy.ts';

/** What is to be judged. `fresh`: how often somebody asked for a fresh evaluation. */
export interface Evaluation {
  readonly subject: Subject;
  readonly change: Change;
  readonly snapshot: Snapshot;
  readonly fresh: number;
}

/** The run that would judge this snapshot: stored already, or begun. */
export async function beginRun(
  { subject, change, snapshot, fresh }: Evaluation,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<Run> {
  const { base, head, alone } = snapshot;
  const entries = await snapshot.trees.list(alone === true ? head.tree : base.tree, signal);
  const policyBlob = policyIn(entries)?.oid;
  const targetTip = base.commit;
  const id = runIdOf({ subject, head: change.head, targetTip, policyBlob, rulesVersion, fresh });
  return (await deps.store.loadRun(id)) ?? newRun(id, { subject, change, base: targetTip }, deps);
}

/** A run that has only begun. */
export function newRun(
  id: string,
  { subject, change, base }: Pick<Run, 'subject' | 'change' | 'base'>,
  deps: GateDeps,
): Run {
  const at = deps.clock.now().toISOString();
  return {
    v: 1,
    rev: 0,
    id,
    subject,
    change,
    base,
    state: 'running',
    judgement: undefined,
    decision: undefined,
    trouble: undefined,
    timeline: [{ at, text: `begun for ${change.head.slice(0, 8)}` }],
    looks: undefined,
  };
}

/**
 * Judges within the time that an evaluation may take. Looks that the run has go on.
 * @throws the signal's reason when aborted from outside.
 */
export async function evaluate(
  run: Run,
  snapshot: Snapshot,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<Run> {
  const deadline = new AbortController();
  const cancel = deps.clock.after(deps.limits.evaluationMs, () => deadline.abort(new AbortError('deadline')));
  const judgeDeps = {
    stores: deps.stores(run.change.repository, run.subject.kind),
    limits: deps.limits,
    targetBranch: run.change.targetBranch,
    progress: (text: string) => deps.log.info({ step: text }, 'judging'),
    watch: (check: CheckId) => watchCheck(check, deps),
    defect: (where: string, thrown: unknown) =>
      deps.log.error({ where, err: thrown }, 'a defect of modelgate'),
  };
  try {
    const judgement = await judge(snapshot, judgeDeps, AbortSignal.any([signal, deadline.signal]));
    const now = deps.clock.now();
    const entry = { at: now.toISOString(), text: `judged: ${judgement.verdict}` };
    return {
      ...run,
      state: 'judged',
      judgement,
      decision: decide(judgement),
      trouble: undefined,
      looks: looksAfter(judgement, run, { now, schedule: deps.looks }),
      timeline: [...run.timeline, entry].slice(-100),
    };
  } finally {
    cancel();
  }
}

/** How long each check takes, by what it came to. */
function watchCheck(check: CheckId, { telemetry, clock }: GateDeps): (verdict: Verdict) => void {
  const began = clock.now().getTime();
  return (verdict) => {
    const seconds = (clock.now().getTime() - began) / 1000;
    telemetry?.observe('modelgate_check_seconds', { check, verdict }, seconds);
  };
}

/** When to look again, if that may change the verdict; looks for want of time are counted over all evaluations. */
function looksAfter(
  judgement: Judgement,
  { looks }: Run,
  { now, schedule }: { readonly now: Date; readonly schedule: LookSchedule },
): Looks | undefined {
  if (awaitsTime(judgement) && looks?.next !== undefined) return nextLook(looks, now, schedule);
  return awaitsTime(judgement) || awaitsData(judgement) ? firstLook(now, schedule) : undefined;
}
