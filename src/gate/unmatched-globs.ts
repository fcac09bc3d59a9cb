import type { PlacedGlob } from '../formats/policy/pipeline-globs.ts';
import type { TreeEntry } from '../ports/snapshots.ts';
import type { UnmatchedGlob } from '../rules/policy/index.ts';
import { isNamed } from './collect/choose-pipelines.ts';

/**
 * Globs of pipelines that end the gate without a word: all of them where no file is named, else each that is the path of
 * a file that is not there. A pattern may wait for files to come.
 */
export function unmatchedGlobs(
  globs: readonly PlacedGlob[] | undefined,
  entries: readonly TreeEntry[],
): readonly UnmatchedGlob[] {
  const [first] = globs ?? [];
  if (globs === undefined || first === undefined) return [];
  const texts = globs.map(({ glob }) => glob);
  if (!entries.some((entry) => isNamed(entry, texts))) return [{ ...first, all: true }];
  const paths = globs.filter(({ glob }) => !/^!|[*?{]/.test(glob));
  const there = new Set(paths.length === 0 ? [] : entries.map(({ path }) => path));
  return paths.filter(({ glob }) => !there.has(glob)).map((glob) => ({ ...glob, all: false }));
}
