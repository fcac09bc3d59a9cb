import type { Condition } from './conditions.ts';
import { oneLine, textAt } from './json.ts';

/** Beyond these there is nothing new. */
const atMost = 20;

/** What the metadata and the status complain of, for people, each thing once. */
export function complaintsOf(service: unknown, conditions: readonly Condition[]): readonly string[] {
  const stopped = conditions.some(({ type, status }) => type === 'Stopped' && status === true);
  return [...new Set([...ofMetadata(service, stopped), ...ofConditions(conditions)])].slice(0, atMost);
}

/** Where whatever is written has no effect (specs kubeflow-kserve 2.11 K17). */
function ofMetadata(service: unknown, stopped: boolean): readonly string[] {
  const isSet = (name: string): boolean =>
    textAt(service, 'metadata', 'annotations', `serving.kserve.io/${name}`) === 'true';
  const complaints: string[] = [];
  // KServe's finalizer keeps it for a while.
  if (textAt(service, 'metadata', 'deletionTimestamp') !== undefined) complaints.push('it is being deleted');
  if (stopped || isSet('stop')) complaints.push('it is stopped by the annotation serving.kserve.io/stop');
  if (isSet('disable-auto-update'))
    complaints.push('the annotation serving.kserve.io/disable-auto-update lets KServe ignore every edit');
  return complaints;
}

/** Conditions that are False, but for Stopped, where that is good, and for a Ready that only repeats another one. */
function ofConditions(conditions: readonly Condition[]): readonly string[] {
  const failed = conditions.filter(({ type, status }) => status === false && type !== 'Stopped');
  const causes = failed.filter(({ type }) => type !== 'Ready');
  const told = failed.filter(
    (condition) =>
      condition.type !== 'Ready' ||
      causes.every((cause) => whyOf(condition) !== undefined && whyOf(cause) !== whyOf(condition)),
  );
  return told.map((condition) => oneLine(`${condition.type}: ${whyOf(condition) ?? 'False'}`));
}

function whyOf({ message, reason }: Condition): string | undefined {
  return message ?? reason;
}
