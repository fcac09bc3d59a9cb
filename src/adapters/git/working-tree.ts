import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Oid } from '../../domain/repository.ts';
import type { LocalRepository } from './find-repository.ts';
import { configEnvironment, hardenedConfig } from './hardening.ts';
import { toOid } from './oid.ts';
import { records } from './parse-tree.ts';
import { succeed } from './run-git.ts';
import type { View } from './view.ts';

/**
 * The tree that `git add --all` and a commit would make, without touching the person's index: tracked changes and
 * untracked files that are not ignored. Filters such as LFS do not run: a changed file under one is taken as it lies.
 * @throws UserError `unreadable-files` with git's reason.
 */
export async function treeOfFiles(
  view: View,
  repository: LocalRepository,
  committed: Oid | undefined,
  signal: AbortSignal,
): Promise<{ readonly tree: Oid; readonly changed: number }> {
  const environment = {
    GIT_WORK_TREE: repository.root,
    GIT_INDEX_FILE: join(view.directory, 'index'),
    ...configEnvironment([...hardenedConfig, ...view.fileSettings, ...quick]),
  };
  const added = await view.local({ args: ['add', '--all'], environment, timeoutMs: 600_000 }, signal);
  if (added.code !== 0) {
    throw new UserError(
      'unreadable-files',
      `The files of ${repository.root} cannot be read as git would commit them: ${added.complaint}`,
      'Repair or ignore the files named, or judge the last commit with --committed.',
    );
  }
  const output = await succeed(view.local, { args: ['write-tree'], environment }, signal);
  const tree = toOid(output.toString('utf8').trim());
  return { tree, changed: await countChanged(view, committed, tree, signal) };
}

/** Objects that live for seconds are not worth compressing; what a submodule holds is not looked into. */
const quick = [
  ['core.compression', '0'],
  ['diff.ignoreSubmodules', 'dirty'],
  ['advice.addEmbeddedRepo', 'false'],
] as const;

async function countChanged(
  view: View,
  from: Oid | undefined,
  to: Oid,
  signal: AbortSignal,
): Promise<number> {
  const range = from === undefined ? ['ls-tree', '-r', '--name-only', '-z', to] : diff(from, to);
  return records(await succeed(view.local, { args: range }, signal)).length;
}

function diff(from: Oid, to: Oid): string[] {
  return ['diff-tree', '-r', '--no-renames', '--name-only', '-z', from, to];
}
