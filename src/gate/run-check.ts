import { AbortError, RetryableError, UserError } from '../errors.ts';
import type { Difference } from '../domain/difference.ts';
import type { CheckId, CheckResult, Unknown } from '../domain/verdict.ts';
import type { Rule, Visit } from '../rules/rule.ts';
import { applyGroup } from './apply-group.ts';
import { blindResult, checkResultOf } from './check-result.ts';
import type { Collected, CollectDeps, Facts } from './check.ts';
import { defectText } from './trouble.ts';

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
 * Gathers, then decides. A defect of ours and a deadline make the check undecided; every other abort goes through, and
 * so does what the change as a whole can be tried again for (the git host is away).
 */
async function runCheck<Nodes, Model>(
  check: Check<Nodes, Model>,
  facts: Facts,
  deps: CollectDeps,
  signal: AbortSignal,
): Promise<Outcome> {
  try {
    const collected = await check.collect(facts, deps, signal);
    const { policy } = facts;
    const judged = check.visit(collected.model);
    const target = check.visit(collected.baseModel);
    const found = applyGroup({ rules: check.rules, judged, target }, { ...deps, policy });
    const result = checkResultOf(check.id, { ...collected, ...found }, policy);
    return { result, differences: collected.differences };
  } catch (thrown) {
    if (isDeadline(signal))
      return { result: blindResult(check.id, deadlineUnknown(check.id)), differences: [] };
    if (signal.aborted) throw signal.reason;
    if (thrown instanceof RetryableError || thrown instanceof UserError) throw thrown;
    deps.defect?.(`check ${check.id}`, thrown);
    return { result: blindResult(check.id, crashOf(check.id, thrown)), differences: [] };
  }
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
    message: defectText(thrown),
    remedy: 'report it with the log of this run',
  };
}
