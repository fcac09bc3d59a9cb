import { matchesGlob } from './glob.ts';
import type { Production } from './policy.ts';

/** Why a production run is started: the pipeline, the data or the configuration changed. */
export type TriggerClass = 'feature' | 'data' | 'maintenance';

/** In the order of their weight: what changed both pipeline and data is a feature. */
const classes: readonly TriggerClass[] = ['feature', 'data', 'maintenance'];

/**
 * The class of a release by the paths that its change set touches; undefined: production is not made of any of them.
 * Globs with a leading `!` exclude, the last glob that fits decides. `outputs`, which runs themselves commit, never count:
 * a run must not start the next one.
 */
export function classify(
  changed: readonly string[],
  triggers: Production['triggers'],
  outputs: ReadonlySet<string>,
): TriggerClass | undefined {
  const inputs = changed.filter((path) => !outputs.has(path));
  return classes.find((name) => inputs.some((path) => isChosen(path, triggers[name])));
}

function isChosen(path: string, globs: readonly string[]): boolean {
  const last = globs.findLast((glob) => matchesGlob(path, glob.replace(/^!/, '')));
  return last !== undefined && !last.startsWith('!');
}
