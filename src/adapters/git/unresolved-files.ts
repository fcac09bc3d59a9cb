import { join } from 'node:path';
import type { Conflict } from '../../ports/snapshots.ts';
import type { LocalRepository } from './find-repository.ts';
import { records } from './parse-tree.ts';
import { succeed } from './run-git.ts';
import type { View } from './view.ts';

/**
 * The files at which a merge, a rebase or a cherry-pick stopped and that nobody has staged since: the index tells, the
 * files themselves need not (one side may have deleted one). Reads the view's copy of the index, so it comes before
 * anything is added there.
 */
export async function unresolvedFiles(
  view: View,
  repository: LocalRepository,
  signal: AbortSignal,
): Promise<readonly Conflict[]> {
  const environment = { GIT_WORK_TREE: repository.root, GIT_INDEX_FILE: join(view.directory, 'index') };
  const output = await succeed(view.local, { args: ['ls-files', '--unmerged', '-z'], environment }, signal);
  const stages = new Map<string, string>();
  for (const row of records(output)) {
    const tab = row.indexOf('\t');
    const path = row.slice(tab + 1);
    stages.set(path, (stages.get(path) ?? '') + row.slice(tab - 1, tab));
  }
  return [...stages].map(([path, which]) => ({ path, message: words(which), unresolved: true }));
}

/** What happened to a file of which these stages are left: 1 the common ancestor's, 2 and 3 those of the two sides. */
function words(stages: string): string {
  if (stages === '123') return 'Both sides changed the file.';
  if (stages === '23') return 'Both sides added the file.';
  if (stages === '12' || stages === '13') return 'One side changed the file, the other deleted it.';
  return 'The sides renamed or moved the file differently.';
}
