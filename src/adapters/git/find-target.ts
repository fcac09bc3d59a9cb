import { UserError } from '../../errors.ts';
import type { NamedCommit } from '../../domain/reading.ts';
import { namedCommit } from './find-repository.ts';
import type { Git } from './run-git.ts';

/**
 * What the head is merged into: the revision asked for, else the default branch of `origin`, else its `main` or
 * `master`, else the upstream of the current branch.
 * @throws UserError `no-target`.
 */
export async function findTarget(
  git: Git,
  wanted: string | undefined,
  signal: AbortSignal,
): Promise<NamedCommit> {
  const candidates =
    wanted === undefined ? await defaults(git, signal) : [wanted, `refs/remotes/origin/${wanted}`];
  for (const candidate of candidates) {
    const commit = await namedCommit(git, candidate, signal);
    if (commit !== undefined) return commit;
  }
  throw wanted === undefined ? noDefault() : unknownTarget(wanted);
}

async function defaults(git: Git, signal: AbortSignal): Promise<readonly string[]> {
  const named = [
    await output(git, ['symbolic-ref', '--quiet', 'refs/remotes/origin/HEAD'], signal),
    'refs/remotes/origin/main',
    'refs/remotes/origin/master',
    await output(git, ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', '@{upstream}'], signal),
  ];
  return named.filter((ref) => ref !== '');
}

async function output(git: Git, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { code, stdout } = await git({ args }, signal);
  return code === 0 ? stdout.toString('utf8').trim() : '';
}

function noDefault(): UserError {
  return new UserError(
    'no-target',
    'There is no branch to merge into: the remote `origin` has no known default branch, main or master, and the current branch no upstream.',
    'Name it with `--target <branch>`, or run `git remote set-head origin --auto`.',
  );
}

function unknownTarget(wanted: string): UserError {
  return new UserError(
    'no-target',
    `The target ${JSON.stringify(wanted)} names no commit of this repository.`,
    'Run `git fetch` if it is new on the remote, or see `git branch --all` for the names there are.',
  );
}
