import type { ServedModel } from '../../domain/rollout.ts';
import type { InferenceService } from '../../ports/serving.ts';
import { isObject, numberAt, textAt, valueAt } from './json.ts';

/**
 * Where an InferenceService keeps what it served before our edit. KServe copies annotations of the service to what it
 * runs, so the note is only ever written in the patch that makes a new revision anyway.
 */
export const beforeAnnotation = 'modelgate.dev/before';

/** The note as an annotation has it: what was before, and of which edit. */
export function writeBefore(before: ServedModel | 'nothing', edit: ServedModel): string {
  const { storageUri, rolloutId } = edit;
  return JSON.stringify({ v: 1, of: { storageUri, rolloutId }, ...(before !== 'nothing' && { before }) });
}

/** The note of an InferenceService; undefined: there is none of ours, or somebody has changed the model since. */
export function readBefore(service: unknown, model: ServedModel): InferenceService['before'] {
  const text = textAt(service, 'metadata', 'annotations', beforeAnnotation);
  const note = text === undefined ? undefined : parse(text);
  const isOfEdit =
    valueAt(note, 'v') === 1 &&
    textAt(note, 'of', 'storageUri') === model.storageUri &&
    textAt(note, 'of', 'rolloutId') === model.rolloutId;
  if (!isOfEdit) return undefined;
  const before = valueAt(note, 'before');
  if (!isObject(before)) return 'nothing';
  return {
    storageUri: textAt(before, 'storageUri'),
    format: textAt(before, 'format'),
    canaryTrafficPercent: numberAt(before, 'canaryTrafficPercent'),
    rolloutId: textAt(before, 'rolloutId'),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
