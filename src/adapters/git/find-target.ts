import { UserError } from '../../errors.ts';
import type { NamedCommit } from '../../domain/reading.ts';
import { namedCommit } from './find-repository.ts';
import type { Git } from './run-git.ts';

/** A commit to merge into. `isFetched`: it is a branch of a remote, which `git fetch` may move. */
export interface Target {
  readonly commit: NamedCommit;
  readonly isFetched: boolean;
}

/**
 * What the head is merged into: the revision asked for, else the default branch of the remote, else its `main` or
 * `master`, else the branch that the current one tracks, unless that is the same branch at the remote: judged against
 * itself, as a clone of one branch would be, every change is nothing and passes.
 * @throws UserError `no-target`.
 */
export async function findTarget(git: Git, wanted: string | undefined, signal: AbortSignal): Promise<Target> {
  if (wanted !== undefined) {
    const target = await firstCommit(git, [wanted, `refs/remotes/origin/${wanted}`], signal);
    if (target === undefined) throw unknownTarget(wanted);
    return target;
  }
  const remotes = (await output(git, ['remote'], signal)).split('\n').filter((name) => name !== '');
  const remote = remotes.includes('origin') ? 'origin' : remotes[0];
  const target = await firstCommit(git, await defaults(git, remote, signal), signal);
  if (target === undefined) throw remote === undefined ? noRemote() : noDefault(remote);
  return target;
}

async function firstCommit(
  git: Git,
  candidates: readonly string[],
  signal: AbortSignal,
): Promise<Target | undefined> {
  for (const candidate of candidates) {
    const commit = await namedCommit(git, candidate, signal);
    if (commit !== undefined) return { commit, isFetched: await isOfRemote(git, candidate, signal) };
  }
  return undefined;
}

/** Whether a revision is the name of a ref below `refs/remotes/`, and not a local branch, a tag or an expression. */
async function isOfRemote(git: Git, revision: string, signal: AbortSignal): Promise<boolean> {
  const args = ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', '--end-of-options', revision];
  return /^refs\/remotes\//m.test(await output(git, args, signal));
}

async function defaults(
  git: Git,
  remote: string | undefined,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const upstream = await output(
    git,
    ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', '@{upstream}'],
    signal,
  );
  const branch = await output(git, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal);
  const isItself = upstream.startsWith('refs/remotes/') && upstream.split('/').slice(3).join('/') === branch;
  const tracked = isItself ? '' : upstream;
  if (remote === undefined) return tracked === '' ? [] : [tracked];
  const head = await output(git, ['symbolic-ref', '--quiet', `refs/remotes/${remote}/HEAD`], signal);
  return [head, `refs/remotes/${remote}/main`, `refs/remotes/${remote}/master`, tracked].filter(
    (ref) => ref !== '',
  );
}

async function output(git: Git, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { code, stdout } = await git({ args }, signal);
  return code === 0 ? stdout.toString('utf8').trim() : '';
}

function noDefault(remote: string): UserError {
  return new UserError(
    'no-target',
    `There is no branch to merge into: this clone has neither the default branch of its remote ${remote} nor its main or master.`,
    `Fetch it and name it: \`git fetch ${remote} +refs/heads/main:refs/remotes/${remote}/main\`, then \`--target ${remote}/main\`; a shallow clone needs \`git fetch --unshallow\` as well.`,
  );
}

function noRemote(): UserError {
  return new UserError(
    'no-target',
    'There is no branch to merge into: this repository has no remote.',
    'Name the branch, tag or commit with `--target`.',
  );
}

function unknownTarget(wanted: string): UserError {
  return new UserError(
    'no-target',
    `The target ${JSON.stringify(wanted)} names no commit of this repository.`,
    'Run `git fetch` if it is new on the remote (where one branch was cloned: `git fetch origin +refs/heads/<name>:refs/remotes/origin/<name>`), or see `git branch --all` for the names there are.',
  );
}
