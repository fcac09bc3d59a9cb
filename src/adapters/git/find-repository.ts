import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UserError } from '../../errors.ts';
import type { NamedCommit } from '../../domain/reading.ts';
import { toSha } from '../../domain/repository.ts';
import type { Git } from './run-git.ts';

/** A repository with a working tree, as git finds it from a directory. Paths are absolute. */
export interface LocalRepository {
  readonly root: string;
  /** The working tree's own directory: HEAD, index. Differs from `commonDir` in a linked worktree. */
  readonly gitDir: string;
  readonly commonDir: string;
  readonly objects: string;
  readonly objectFormat: 'sha1' | 'sha256';
  readonly shallow: boolean;
}

/** @throws UserError `not-a-repository` with git's own reason, as when it belongs to somebody else. */
export async function findRepository(
  git: Git,
  directory: string,
  signal: AbortSignal,
): Promise<LocalRepository> {
  // Git before 2.31 knows no `--path-format`: it answers with paths that count from the directory.
  const args = ['rev-parse', '--show-toplevel', '--git-dir', '--git-common-dir'];
  args.push('--git-path', 'objects', '--show-object-format', '--is-shallow-repository');
  const { code, stdout, complaint } = await git({ args }, signal);
  const [root, gitDir, commonDir, objects, format, shallow] = stdout.toString('utf8').split('\n');
  if (code !== 0 || !root || !gitDir || !commonDir || !objects) {
    throw new UserError(
      'not-a-repository',
      `${directory} is not inside a git working tree: ${complaint || 'git finds none'}`,
      'Change to the directory of a clone, or make a repository with `git init`.',
    );
  }
  const objectFormat = format === 'sha256' ? 'sha256' : 'sha1';
  return {
    root,
    gitDir: resolve(directory, gitDir),
    commonDir: resolve(directory, commonDir),
    objects: resolve(directory, objects),
    objectFormat,
    shallow: shallow === 'true',
  };
}

/** The commit that a revision names, or undefined when there is none. */
export async function namedCommit(
  git: Git,
  revision: string,
  signal: AbortSignal,
): Promise<NamedCommit | undefined> {
  const args = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`];
  const found = await git({ args }, signal);
  const sha = found.code === 0 ? toSha(lastLine(found.stdout)) : undefined;
  if (sha === undefined) return undefined;
  const shown = await git(
    { args: ['show', '--no-patch', '--no-show-signature', '--format=%ct%n%s', sha, '--'] },
    signal,
  );
  const [seconds = '0', subject = ''] = shown.stdout.toString('utf8').split('\n');
  const name =
    revision === 'HEAD'
      ? await branchName(git, signal)
      : revision.replace(/^refs\/(?:remotes|heads|tags)\//, '');
  return { sha, name, subject, committedAt: new Date(Number(seconds) * 1000) };
}

async function branchName(git: Git, signal: AbortSignal): Promise<string | undefined> {
  const { code, stdout } = await git({ args: ['symbolic-ref', '--short', '--quiet', 'HEAD'] }, signal);
  return code === 0 ? stdout.toString('utf8').trim() : undefined;
}

/** When something was last fetched: git writes FETCH_HEAD each time, in the working tree that fetched. */
export async function lastFetched(repository: LocalRepository): Promise<Date | undefined> {
  let newest: Date | undefined;
  for (const directory of [repository.gitDir, repository.commonDir]) {
    const facts = await stat(join(directory, 'FETCH_HEAD')).catch(() => undefined);
    if (facts !== undefined && (newest === undefined || facts.mtime > newest)) newest = facts.mtime;
  }
  return newest;
}

/** Some versions of git print `--end-of-options` itself before the answer. */
function lastLine(output: Buffer): string {
  return output.toString('utf8').trim().split('\n').at(-1) ?? '';
}
