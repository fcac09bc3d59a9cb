import { AbortError, messageOf } from '../errors.ts';
import { checkVerdict } from '../domain/decision.ts';
import type { Difference } from '../domain/difference.ts';
import type { CheckId, CheckResult, Unknown } from '../domain/verdict.ts';
import { applyRules, markExisting, type Applied } from '../rules/engine.ts';
import type { Rule, Visit } from '../rules/rule.ts';
import type { Collected, CollectDeps, Facts } from './check.ts';

/** A check: a collector and the rules over what it gathers. */
export interface Check<Nodes, Model> {
  readonly id: CheckId;
  readonly rules: readonly Rule<Nodes>[];
  collect(facts: Facts, deps: CollectDeps, signal: AbortSignal): Promise<Collected<Model>>;
  visit(model: Model): Iterable<Visit<Nodes>>;
}

/** What a check says, and what it saw change. */
export interface Outcome {
  readonly result: CheckResult;
  readonly differences: readonly Difference[];
}

/** A check whose types are closed over, so that checks of different models stand in one list. */
export interface RunnableCheck {
  readonly id: CheckId;
  run(facts: Facts, deps: CollectDeps, signal: AbortSignal): Promise<Outcome>;
}

/** Closes a check over its types. */
export function runnable<Nodes, Model>(check: Check<Nodes, Model>): RunnableCheck {
  return { id: check.id, run: (facts, deps, signal) => runCheck(check, facts, deps, signal) };
}

/**
 * Gathers, then decides. A crash of ours and a deadline make the check undecided; every other abort goes through.
 */
async function runCheck<Nodes, Model>(
  check: Check<Nodes, Model>,
  facts: Facts,
  deps: CollectDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const collected = await check.collect(facts, deps, signal);
    const settings = { policy: facts.policy, maxFindings: deps.limits.findings };
    const judged = applyRules(check.rules, check.visit(collected.model), settings);
    const target = applyRules(check.rules, check.visit(collected.baseModel), settings);
    const unknowns = [...collected.unknowns, ...judged.crashes.map(crashUnknown)];
    return { result: resultOf(check.id, judged, target, { ...collected, unknowns }, facts), differences: collected.differences };
  } catch (thrown) {
    if (signal.aborted && !isDeadline(signal)) throw signal.reason;
    const unknown = isDeadline(signal) ? deadlineUnknown(check.id) : crashOf(check.id, thrown);
    return { result: emptyResult(check.id, [unknown]), differences: [] };
  }
}

function resultOf(
  check: CheckId,
  judged: Applied,
  target: Applied,
  collected: Pick<Collected<unknown>, 'unknowns' | 'wanted' | 'counts'>,
  facts: Facts,
): CheckResult {
  const findings = markExisting(judged.findings, target.findings);
  const { unknowns, wanted, counts } = collected;
  const verdict = checkVerdict({ findings, unknowns }, facts.policy.mode);
  return { check, verdict, findings, omittedFindings: judged.omitted, unknowns, counts, wanted };
}

/** A check that could not look. */
function emptyResult(check: CheckId, unknowns: readonly Unknown[]): CheckResult {
  return { check, verdict: 'undecided', findings: [], omittedFindings: 0, unknowns, counts: {}, wanted: [] };
}

function isDeadline(signal: AbortSignal): boolean {
  return signal.aborted && signal.reason instanceof AbortError && signal.reason.reason === 'deadline';
}

function deadlineUnknown(check: CheckId): Unknown {
  return {
    what: `check ${check}`,
    cause: 'deadline',
    message: 'the evaluation took longer than it may',
    remedy: 'raise limits.evaluationMs in the server configuration, or narrow data.scope in the policy',
  };
}

function crashOf(check: CheckId, thrown: unknown): Unknown {
  return {
    what: `check ${check}`,
    cause: 'crash',
    message: `a defect of modelgate: ${messageOf(thrown)}`,
    remedy: 'report it with the log of this run',
  };
}

function crashUnknown(crash: { readonly rule: string; readonly message: string }): Unknown {
  return {
    what: `rule ${crash.rule}`,
    cause: 'crash',
    message: `a defect of modelgate in this rule: ${crash.message.split('\n')[0] ?? ''}`,
    remedy: `report it with the log of this run; until then the policy can set ${crash.rule}: off`,
  };
}
