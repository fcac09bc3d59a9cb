import { findRoots, metafileKind, rootOf } from '../../../formats/dvc/roots.ts';
import type { TreeEntry } from '../../../ports/snapshots.ts';
import type { Facts } from '../../check.ts';

/** A metafile of one tree, and the DVC root it belongs to; undefined: none (specs dvc 3.4). */
export interface SelectedFile {
  readonly entry: TreeEntry;
  readonly kind: 'dvc' | 'pipeline' | 'lock' | 'config';
  readonly root: string | undefined;
}

/** The metafiles of both trees that are read. */
export interface Selection {
  readonly judged: readonly SelectedFile[];
  readonly base: readonly SelectedFile[];
}

/**
 * Chooses by names and blob ids alone (specs dvc 4.6, step 1). Scope `changed`: metafiles that differ from the target
 * (`dvc.yaml` and `dvc.lock` go together), and all of a project whose `.dvc/config` differs, which may move them all.
 */
export function selectFiles(facts: Facts): Selection {
  const changed = new Set(facts.changes.map((change) => change.path));
  const judged = metafilesOf(facts.entries);
  const base = metafilesOf(facts.baseEntries);
  if (facts.policy.data.scope === 'all') return { judged, base };
  const moved = movedRoots(changed, judged, base);
  function isWanted(file: SelectedFile): boolean {
    // Without a root: perhaps the change removed the project around it.
    const root = file.root ?? rootOf(file.entry.path, moved);
    if (root !== undefined && moved.has(root)) return true;
    return changed.has(file.entry.path) || changed.has(siblingOf(file.entry.path));
  }
  return onBothSides(judged, base, isWanted);
}

/**
 * What is wanted of one side is read on the other too, or all that is wrong with it would look new. Configs are needed
 * where metafiles of their projects are.
 */
function onBothSides(
  judged: readonly SelectedFile[],
  base: readonly SelectedFile[],
  isWanted: (file: SelectedFile) => boolean,
): Selection {
  const all = [...judged, ...base];
  const paths = new Set(all.filter(isWanted).map(({ entry }) => entry.path));
  const roots = new Set(all.filter(({ entry }) => paths.has(entry.path)).map(({ root }) => root));
  function isSelected({ kind, root, entry }: SelectedFile): boolean {
    return paths.has(entry.path) || (kind === 'config' && roots.has(root));
  }
  return { judged: judged.filter(isSelected), base: base.filter(isSelected) };
}

function metafilesOf(entries: readonly TreeEntry[]): readonly SelectedFile[] {
  const roots = findRoots(pathsOf(entries));
  return entries.flatMap((entry): readonly SelectedFile[] => {
    const kind = entry.mode === '160000' ? undefined : metafileKind(entry.path);
    if (kind === undefined) return [];
    const root = kind === 'config' ? entry.path.replace(/\/?\.dvc\/config$/, '') : rootOf(entry.path, roots);
    return [{ entry, kind, root }];
  });
}

function* pathsOf(entries: readonly TreeEntry[]): Iterable<string> {
  for (const entry of entries) yield entry.path;
}

function movedRoots(
  changed: ReadonlySet<string>,
  ...trees: readonly (readonly SelectedFile[])[]
): ReadonlySet<string> {
  const configs = trees.flat().filter(({ kind, entry }) => kind === 'config' && changed.has(entry.path));
  return new Set(configs.flatMap(({ root }) => root ?? []));
}

/** `dvc.lock` for `dvc.yaml` and the other way round. */
function siblingOf(path: string): string {
  return path.replace(/(^|\/)dvc\.(yaml|lock)$/, (_, before: string, kind: string) => {
    return `${before}dvc.${kind === 'yaml' ? 'lock' : 'yaml'}`;
  });
}
