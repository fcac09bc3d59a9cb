import { isObject, listAt, oneLine, textAt } from './json.ts';

/** A condition of an object's status. */
export interface Condition {
  readonly type: string;
  /** undefined: Unknown, or none of the words that there are. */
  readonly status: boolean | undefined;
  readonly reason: string | undefined;
  readonly message: string | undefined;
}

/** All of them, in their order; what is no condition is left out. */
export function conditionsOf(object: unknown): readonly Condition[] {
  return listAt(object, 'status', 'conditions').flatMap((entry) => {
    const type = textAt(entry, 'type');
    if (!isObject(entry) || type === undefined) return [];
    const status = ({ True: true, False: false } as const)[textAt(entry, 'status') ?? ''];
    return { type, status, reason: textAt(entry, 'reason'), message: textAt(entry, 'message') };
  });
}

/** What a type says. It may be there twice (specs kubeflow-kserve 5.3): then both have to say the same. */
export function statusOf(conditions: readonly Condition[], type: string): boolean | undefined {
  const [first, ...others] = conditions.filter((condition) => condition.type === type);
  return others.every((other) => other.status === first?.status) ? first?.status : undefined;
}

/** The first condition of the type that says so. */
export function findCondition(
  conditions: readonly Condition[],
  type: string,
  status: boolean,
): Condition | undefined {
  return conditions.find((condition) => condition.type === type && condition.status === status);
}

/** `ProgressDeadlineExceeded: what happened`, for people. */
export function explainCondition({ type, reason, message }: Condition): string {
  return oneLine([reason ?? type, message].filter((part) => part !== undefined).join(': '));
}
