import type { ServedModel } from '../../domain/rollout.ts';
import type { InferenceService } from '../../ports/serving.ts';
import { isObject, numberAt, textAt } from './json.ts';

/**
 * Where an InferenceService keeps what it served before our edit. KServe copies annotations of the service to what it
 * runs, so the note is only ever written in the patch that makes a new revision anyway.
 */
export const beforeAnnotation = 'modelgate.dev/before';

/** The note as an annotation has it. */
export function writeBefore(before: ServedModel | 'nothing'): string {
  return JSON.stringify(before === 'nothing' ? {} : { v: 1, ...before });
}

/** The note of an InferenceService; undefined: there is none that we could have written. */
export function readBefore(service: unknown): InferenceService['before'] {
  const text = textAt(service, 'metadata', 'annotations', beforeAnnotation);
  if (text === undefined) return undefined;
  const note = parse(text);
  if (!isObject(note)) return undefined;
  if (Object.keys(note).length === 0) return 'nothing';
  if (note['v'] !== 1) return undefined;
  return {
    storageUri: textAt(note, 'storageUri'),
    format: textAt(note, 'format'),
    canaryTrafficPercent: numberAt(note, 'canaryTrafficPercent'),
    rolloutId: textAt(note, 'rolloutId'),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
