import type { RunState } from '../../domain/training.ts';

/** The API's words (specs kubeflow-kserve 3.3). */
const states: ReadonlyMap<string, RunState> = new Map([
  ['PENDING', 'pending'],
  ['RUNNING', 'running'],
  ['SUCCEEDED', 'succeeded'],
  ['SKIPPED', 'skipped'],
  ['FAILED', 'failed'],
  ['CANCELING', 'canceling'],
  ['CANCELED', 'canceled'],
  ['PAUSED', 'paused'],
]);

/** A state of a run or task; the API leaves out the one that it does not know. */
export function toRunState(word: string | null | undefined): RunState {
  return states.get(word ?? '') ?? 'unknown';
}

/** An ISO time. What has not happened is the year 1970 or the year 1 on the wire. */
export function toTime(text: string | null | undefined): string | undefined {
  const ms = Date.parse(text ?? '');
  return ms > 0 ? new Date(ms).toISOString() : undefined;
}
