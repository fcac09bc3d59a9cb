import { existsSync, readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import type { JsonObject } from '../../../src/sandbox/kubernetes/json.ts';

const file = new URL(
  '../../../../shared/contracts/kserve/crd/serving.kserve.io_inferenceservices.yaml',
  import.meta.url,
);

/** Whether KServe's own description of InferenceServices is there (../shared/contracts). */
export const hasFullCrd = existsSync(file);

/** KServe's own description of InferenceServices. */
export function readFullCrd(): JsonObject {
  const crd: JsonObject = JSON.parse(JSON.stringify(load(readFileSync(file, 'utf8'))));
  return crd;
}
