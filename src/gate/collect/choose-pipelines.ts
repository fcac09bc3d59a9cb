import { matchesGlob } from '../../domain/glob.ts';
import type { Oid } from '../../domain/repository.ts';
import type { TreeEntry } from '../../ports/snapshots.ts';
import type { Facts } from '../check.ts';

/** A file that may be a pipeline, on both sides. */
export interface Candidate {
  readonly path: string;
  /** The policy names it. */
  readonly named: boolean;
  readonly now: Oid | undefined;
  readonly before: Oid | undefined;
}

/** Files that the policy's globs name, changed or not; without globs every changed `.yaml`, `.yml` and `.json`. */
export function choosePipelines(facts: Facts): readonly Candidate[] {
  const globs = facts.policy.pipelines;
  if (globs === undefined) {
    return facts.changes.flatMap(({ path, before, after }) => {
      const now = oidOf(after);
      const wanted = now !== undefined && /\.(?:yaml|yml|json)$/.test(path);
      return wanted ? [{ path, named: false, now, before: oidOf(before) }] : [];
    });
  }
  const earlier = new Map(facts.baseEntries.map((entry) => [entry.path, entry]));
  return facts.entries.flatMap((entry) => {
    const now = oidOf(entry);
    const wanted = now !== undefined && isNamed(entry.path, globs);
    return wanted ? [{ path: entry.path, named: true, now, before: oidOf(earlier.get(entry.path)) }] : [];
  });
}

/** The last glob that matches decides; a leading `!` takes files out. */
function isNamed(path: string, globs: readonly string[]): boolean {
  const last = globs.findLast((glob) => matchesGlob(path, glob.replace(/^!/, '')));
  return last !== undefined && !last.startsWith('!');
}

/** Regular files alone: no symlinks, no submodules. */
function oidOf(entry: TreeEntry | undefined): Oid | undefined {
  return entry?.mode.startsWith('100') === true ? entry.oid : undefined;
}
