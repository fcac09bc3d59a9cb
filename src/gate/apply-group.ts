import type { Policy } from '../domain/policy.ts';
import type { Limits } from '../limits.ts';
import { applyRules, fingerprintsOf } from '../rules/engine.ts';
import type { Rule, Visit } from '../rules/rule.ts';
import type { Found } from './check-result.ts';

/** The rules of a group, and the nodes they are offered: of the judged tree, and of the target's. */
export interface Group<Nodes> {
  readonly rules: readonly Rule<Nodes>[];
  readonly judged: Iterable<Visit<Nodes>>;
  readonly target: Iterable<Visit<Nodes>>;
}

/** What a group is judged by, and who is told of a rule that threw. */
export interface GroupSettings {
  readonly policy: Policy;
  readonly limits: Limits;
  defect?(where: string, thrown: unknown): void;
}

/**
 * What the rules say of the judged tree, and which of it the target has too. Every rule that threw over the judged tree
 * is told of with its stack.
 */
export function applyGroup<Nodes>(
  { rules, judged, target }: Group<Nodes>,
  settings: GroupSettings,
): Pick<Found, 'applied' | 'target'> {
  const { policy, limits } = settings;
  const applied = applyRules(rules, judged, { policy, maxFindings: limits.findings });
  for (const { rule, thrown } of applied.crashes) settings.defect?.(`rule ${rule}`, thrown);
  return { applied, target: fingerprintsOf(rules, target, policy) };
}
