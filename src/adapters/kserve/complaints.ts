import type { Condition } from './conditions.ts';
import { oneLine, textAt } from './json.ts';

/** What the status and the annotations complain of, for people, each thing once. */
export function complaintsOf(service: unknown, conditions: readonly Condition[]): readonly string[] {
  const annotation = (name: string): boolean =>
    textAt(service, 'metadata', 'annotations', `serving.kserve.io/${name}`) === 'true';
  const complaints: string[] = [];
  if (conditions.some(({ type, status }) => type === 'Stopped' && status === true) || annotation('stop')) {
    complaints.push('it is stopped by the annotation serving.kserve.io/stop');
  }
  if (annotation('disable-auto-update')) {
    complaints.push('the annotation serving.kserve.io/disable-auto-update lets KServe ignore every edit');
  }
  // Ready repeats what another condition says; the one that knows comes first.
  const [ready, others] = [true, false].map((wanted) =>
    conditions.filter(({ type, status }) => status === false && (type === 'Ready') === wanted),
  );
  for (const condition of [...(others ?? []), ...(ready ?? [])]) {
    if (condition.type === 'Stopped') continue;
    const { type, reason, message } = condition;
    const text = message ?? reason;
    if (type === 'Ready' && complaints.some((other) => text === undefined || other.endsWith(oneLine(text))))
      continue;
    complaints.push(oneLine(`${type}: ${text ?? 'False'}`));
  }
  return [...new Set(complaints)].slice(0, 20);
}
