import { AbortError } from '../errors.ts';
import { policyFile } from '../domain/policy.ts';
import { awaitsData, decide } from '../domain/decision.ts';
import { firstLook } from '../domain/looks.ts';
import type { Change } from '../domain/change.ts';
import type { Run } from '../domain/run.ts';
import type { Subject } from '../domain/subject.ts';
import type { Snapshot } from '../ports/snapshots.ts';
import { rulesVersion } from '../rules/index.ts';
import type { GateDeps } from './deps.ts';
import { runIdOf } from './evaluation-key.ts';
import { judge } from './judge.ts';

/** The run that would judge this snapshot: stored already, or begun. */
export async function beginRun(
  subject: Subject,
  change: Change,
  snapshot: Snapshot,
  fresh: number,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<Run> {
  const entries = await snapshot.trees.list(snapshot.base.tree, signal);
  const policyBlob = entries.find((entry) => entry.path === policyFile)?.oid;
  const targetTip = snapshot.base.commit;
  const id = runIdOf({ subject, head: change.head, targetTip, policyBlob, rulesVersion, fresh });
  return (await deps.store.loadRun(id)) ?? newRun(id, subject, change, snapshot.base.commit, deps);
}

/** A run that has only begun. */
export function newRun(id: string, subject: Subject, change: Change, base: Run['base'], deps: GateDeps): Run {
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

/** Judges within the time that an evaluation may take. @throws the signal's reason when aborted from outside. */
export async function evaluate(
  run: Run,
  snapshot: Snapshot,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<Run> {
  const deadline = new AbortController();
  const cancel = deps.clock.after(deps.limits.evaluationMs, () => deadline.abort(new AbortError('deadline')));
  const judgeDeps = {
    stores: deps.stores(run.change.repository),
    limits: deps.limits,
    targetBranch: run.change.targetBranch,
    progress: (text: string) => deps.log.info({ step: text }, 'judging'),
    defect: (where: string, thrown: unknown) =>
      deps.log.error({ where, err: thrown }, 'a defect of modelgate'),
  };
  try {
    const judgement = await judge(snapshot, judgeDeps, AbortSignal.any([signal, deadline.signal]));
    const now = deps.clock.now();
    return {
      ...run,
      state: 'judged',
      judgement,
      decision: decide(judgement),
      trouble: undefined,
      looks: awaitsData(judgement) ? firstLook(now, deps.looks) : undefined,
      timeline: [...run.timeline, { at: now.toISOString(), text: `judged: ${judgement.verdict}` }],
    };
  } finally {
    cancel();
  }
}
