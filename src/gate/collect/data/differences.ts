import type { Difference, TrackedVersion } from '../../../domain/difference.ts';
import type { ParsedTree } from './parse-tree.ts';
import type { TrackedOutput } from './tracked-output.ts';

/**
 * What the merge changes in tracked data, by path in the repository. Of what a file that cannot be read may still track,
 * or may have tracked, nothing is said: the file's finding does.
 */
export function findDifferences(base: ParsedTree, judged: ParsedTree): readonly Difference[] {
  const before = byPath(base);
  const after = byPath(judged);
  const differences: Difference[] = [];
  for (const path of new Set([...before.keys(), ...after.keys()])) {
    const [old, now] = [before.get(path), after.get(path)];
    if (old !== undefined && now !== undefined && contentOf(old) === contentOf(now)) continue;
    if (isUnknown(old, judged, now) || isUnknown(now, base, old)) continue;
    const change = old === undefined ? 'added' : now === undefined ? 'removed' : 'modified';
    differences.push({ kind: 'data', path, change, before: versionOf(old), after: versionOf(now) });
  }
  return differences.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Whether one tree has the output, and the other one's version of its metafile does not tell. */
function isUnknown(
  here: TrackedOutput | undefined,
  there: ParsedTree,
  output: TrackedOutput | undefined,
): boolean {
  return here !== undefined && output === undefined && there.unread.has(here.source.path);
}

function byPath(tree: ParsedTree): ReadonlyMap<string, TrackedOutput> {
  return new Map(
    tree.outputs.flatMap((tracked) => (tracked.path === undefined ? [] : [[tracked.path, tracked]])),
  );
}

/** A listing in the metafile stands for the hash that it has not. */
function contentOf({ output }: TrackedOutput): string {
  const files = output.files?.map(({ relpath, hash, cloud }) => [
    relpath,
    hash?.text,
    hash === undefined ? cloud : undefined,
  ]);
  return JSON.stringify(output.hash?.text ?? files ?? output.cloud ?? null);
}

function versionOf(tracked: TrackedOutput | undefined): TrackedVersion | undefined {
  if (tracked === undefined) return undefined;
  const { hash, size, nfiles } = tracked.output;
  return { hash: hash?.text, size, files: nfiles };
}
