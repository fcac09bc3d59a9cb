import type { Oid, Sha } from '../domain/repository.ts';
import {
  combineVerdicts,
  type CheckId,
  type Judgement,
  type Unknown,
  type Verdict,
} from '../domain/verdict.ts';
import type { Limits } from '../limits.ts';
import type { ObjectStores } from '../ports/object-store.ts';
import type { Conflict, Snapshot } from '../ports/snapshots.ts';
import { changeRules, visitChange, type LocalTarget } from '../rules/change/index.ts';
import { ruleIds, rulesVersion } from '../rules/index.ts';
import { policyRules, visitPolicy } from '../rules/policy/index.ts';
import { applyGroup, type GroupSettings } from './apply-group.ts';
import { blindResult, checkResultOf, type Found } from './check-result.ts';
import type { Facts } from './check.ts';
import { checks } from './checks.ts';
import { loadPolicy, type PolicyInForce } from './load-policy.ts';
import type { Outcome } from './run-check.ts';

/** Differences that a judgement keeps: a run is one record. */
const maxDifferences = 1000;

/** What judging needs beside the snapshot. It knows no host: the server and `modelgate check` share it. */
export interface JudgeDeps {
  readonly stores: ObjectStores;
  readonly limits: Limits;
  /** For messages: the branch the change wants to be merged into. */
  readonly targetBranch: string;
  /** The target of a laptop, which is what commands have to name there; undefined: `targetBranch` of `origin`. */
  readonly localTarget?: LocalTarget | undefined;
  progress(text: string): void;
  /** Told when a check begins; what it returns is told the verdict. */
  watch?(check: CheckId): (verdict: Verdict) => void;
  /** Keeps the stack of a defect of ours for those who repair it. */
  defect?(where: string, thrown: unknown): void;
}

/** Judges the tree that a merge would make (or the head where no merge can be made, or where it is a tip). */
export async function judge(snapshot: Snapshot, deps: JudgeDeps, signal: AbortSignal): Promise<Judgement> {
  const { trees, judged } = snapshot;
  const tree = judged.kind === 'conflict' ? snapshot.head.tree : judged.tree;
  const [baseEntries, entries] = await Promise.all([
    trees.list(snapshot.base.tree, signal),
    trees.list(tree, signal),
  ]);
  const policy = await loadPolicy(
    { base: baseEntries, judged: entries, alone: snapshot.alone },
    { trees, limits: deps.limits, ruleIds },
    signal,
  );
  const outcomes = [policyOutcome(policy, deps)];
  if (judged.kind === 'conflict') {
    outcomes.push(conflictOutcome(judged.conflicts, policy, deps));
  } else {
    const changes = await trees.changes(snapshot.base.tree, tree, signal);
    const facts = {
      tree,
      entries,
      baseTree: snapshot.base.tree,
      baseEntries,
      changes,
      policy: policy.policy,
    };
    if (judged.kind === 'head') outcomes.push(...unmergedOutcome(judged, deps));
    outcomes.push(...(await runChecks(facts, { ...deps, trees }, signal)));
  }
  return toJudgement(snapshot, policy, judged.kind === 'conflict' ? undefined : tree, outcomes);
}

async function runChecks(
  facts: Facts,
  deps: JudgeDeps & { readonly trees: Snapshot['trees'] },
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const check of checks) {
    const done = deps.watch?.(check.id);
    const outcome = await check.run(facts, deps, signal);
    done?.(outcome.result.verdict);
    outcomes.push(outcome);
  }
  return outcomes;
}

function toJudgement(
  snapshot: Snapshot,
  policy: PolicyInForce,
  tree: Oid | undefined,
  outcomes: readonly Outcome[],
): Judgement {
  const results = outcomes.map((outcome) => outcome.result);
  const differences = outcomes.flatMap((outcome) => outcome.differences);
  const base: Sha = snapshot.base.commit;
  return {
    base,
    head: snapshot.head.commit,
    judged: snapshot.judged.kind,
    tree,
    checks: results,
    differences: differences.slice(0, maxDifferences),
    omittedDifferences: Math.max(0, differences.length - maxDifferences),
    verdict: combineVerdicts(results.map((result) => result.verdict)),
    mode: policy.policy.mode,
    policySource: policy.source,
    rulesVersion,
  };
}

function policyOutcome(policy: PolicyInForce, deps: JudgeDeps): Outcome {
  const judged = visitPolicy(policy.files);
  const target = visitPolicy(policy.before);
  const found = applyGroup({ rules: policyRules, judged, target }, settingsOf(policy, deps));
  return staticOutcome('policy', { ...found, counts: { policies: policy.files.length } }, policy);
}

function conflictOutcome(conflicts: readonly Conflict[], policy: PolicyInForce, deps: JudgeDeps): Outcome {
  const { targetBranch, localTarget: local } = deps;
  const judged = visitChange(conflicts.map((conflict) => ({ ...conflict, targetBranch, local })));
  const found = applyGroup({ rules: changeRules, judged, target: [] }, settingsOf(policy, deps));
  return staticOutcome('change', { ...found, counts: { conflicts: conflicts.length } }, policy);
}

/** A merge that was only not possible here may conflict elsewhere: the head cannot pass in its place. */
function unmergedOutcome(
  { reason, remedy }: Extract<Snapshot['judged'], { kind: 'head' }>,
  { targetBranch }: JudgeDeps,
): readonly Outcome[] {
  if (remedy === undefined) return [];
  const what = `the merge into ${targetBranch}`;
  const unknown: Unknown = { what, cause: 'unreachable', message: `not merged: ${reason}`, remedy };
  return [{ result: blindResult('change', unknown), differences: [] }];
}

function settingsOf({ policy }: PolicyInForce, deps: JudgeDeps): GroupSettings {
  return { ...deps, policy };
}

/** A check that asks nobody: what it needs is at hand. */
function staticOutcome(
  check: CheckId,
  found: Pick<Found, 'applied' | 'target' | 'counts'>,
  { policy }: PolicyInForce,
): Outcome {
  return { result: checkResultOf(check, { ...found, unknowns: [], wanted: [] }, policy), differences: [] };
}
