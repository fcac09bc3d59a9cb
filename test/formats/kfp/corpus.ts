import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const folder = new URL('../../../../shared/corpora/kfp/', import.meta.url);

/** Whether the corpus of Kubeflow's own test files is at hand. */
export const hasCorpus = existsSync(fileURLToPath(folder));

/** Files of a folder of the corpus: name and bytes. Empty where the corpus is absent. */
export function corpusFiles(name: 'valid' | 'invalid' | 'argo'): readonly (readonly [string, Buffer])[] {
  if (!hasCorpus) return [];
  const inner = new URL(`${name}/`, folder);
  return readdirSync(inner).map((file) => [file, readFileSync(new URL(file, inner))] as const);
}
