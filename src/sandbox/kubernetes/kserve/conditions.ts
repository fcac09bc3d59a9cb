import { compact, isObject, textAt, type Json, type JsonObject } from '../json.ts';
import { timestamp } from '../api/metadata.ts';

/** One condition, before it has its time. */
export interface Condition {
  readonly type: string;
  readonly status: Status;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly severity?: 'Info';
}

/** As Kubernetes writes it. */
export type Status = 'True' | 'False' | 'Unknown';

/** Conditions with their times: the time of a condition whose status did not change stays. */
export function timed(
  before: readonly Json[],
  conditions: readonly Condition[],
  at: number,
): readonly JsonObject[] {
  return conditions.map((condition) => {
    const old = before.find((one) => isObject(one) && one['type'] === condition.type);
    const kept = textAt(old, 'status') === condition.status ? textAt(old, 'lastTransitionTime') : undefined;
    const { type, status, reason, message, severity } = condition;
    const lastTransitionTime = kept ?? timestamp(at);
    return compact({ lastTransitionTime, message, reason, severity, status, type });
  });
}

/** False when one is False, else Unknown when one is not True. */
export function allOf(conditions: readonly Condition[]): Condition | undefined {
  return (
    conditions.find((condition) => condition.status === 'False') ??
    conditions.find((condition) => condition.status === 'Unknown')
  );
}

/** A condition of another type with what another one says. */
export function copied(type: string, from: Condition | undefined, more: Partial<Condition> = {}): Condition {
  if (from === undefined) return { type, status: 'True', ...more };
  return { type, status: from.status, reason: from.reason, message: from.message, ...more };
}
