import { matchesGlob } from '../../domain/glob.ts';
import { policyFile } from '../../domain/policy.ts';
import type { Oid } from '../../domain/repository.ts';
import { metafileKind } from '../../formats/dvc/roots.ts';
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
      const wanted = now !== undefined && /\.(?:yaml|yml|json)$/.test(path) && !hasOtherMeaning(path);
      return wanted ? [{ path, named: false, now, before: oidOf(before) }] : [];
    });
  }
  const earlier = new Map(facts.baseEntries.map((entry) => [entry.path, entry]));
  return facts.entries.flatMap((entry) => {
    const now = oidOf(entry);
    const wanted = now !== undefined && isNamed(entry, globs);
    return wanted ? [{ path: entry.path, named: true, now, before: oidOf(earlier.get(entry.path)) }] : [];
  });
}

/** Whether the policy's globs name an entry. The last one that matches decides; a leading `!` takes files out. */
export function isNamed(entry: TreeEntry, globs: readonly string[]): boolean {
  if (oidOf(entry) === undefined || hasOtherMeaning(entry.path)) return false;
  const last = globs.findLast((glob) => matchesGlob(entry.path, glob.replace(/^!/, '')));
  return last !== undefined && !last.startsWith('!');
}

/** The policy and DVC's own files are never pipelines, whatever a glob such as `*.yaml` matches. */
function hasOtherMeaning(path: string): boolean {
  return path === policyFile || metafileKind(path) !== undefined;
}

/** Regular files alone: no symlinks, no submodules. */
function oidOf(entry: TreeEntry | undefined): Oid | undefined {
  return entry?.mode.startsWith('100') === true ? entry.oid : undefined;
}
