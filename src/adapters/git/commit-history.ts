import { RetryableError } from '../../errors.ts';
import type { Oid, Sha } from '../../domain/repository.ts';
import type { History, HistoryCommit } from '../../ports/snapshots.ts';
import { toCommit, toOid } from './oid.ts';
import type { Git, GitCall } from './run-git.ts';

/** A repository whose commits and trees are read. */
export interface Commits {
  /** Git that does not fetch. */
  readonly local: Git;
  /** Told when git could not read what it has. */
  readonly onBroken: () => void;
}

/** Commits that one question about a file is answered with. */
const mostCommits = 100;

/** Characters of a message that are kept; and bytes of all messages together, beyond which git is stopped. */
const longestMessage = 64 * 1024;
const allMessages = 64 * 1024 * 1024;

/** The history of a branch: what is reachable from one of its tips, as it was fetched. */
export function historyOf(
  commits: Commits,
  { trees, tips }: { readonly trees: History['trees']; readonly tips: readonly Sha[] },
): History {
  async function isHeld(older: Sha, signal: AbortSignal): Promise<boolean> {
    for (const newer of tips) if (await isAncestorOf(commits, { older, newer }, signal)) return true;
    return false;
  }
  return {
    trees,
    treeOf: async (commit, signal) =>
      (await isHeld(commit, signal)) ? treeOfCommit(commits, commit, signal) : undefined,
    isAncestor: (older, newer, signal) => isAncestorOf(commits, { older, newer }, signal),
    touching: (path, range, signal) => commitsTouching(commits, { path, ...range }, signal),
  };
}

/** Whether the repository holds the commit. */
export async function hasCommit(local: Git, commit: Sha, signal: AbortSignal): Promise<boolean> {
  const args = ['cat-file', '-e', `${toCommit(commit)}^{commit}`];
  return (await local({ args }, signal)).code === 0;
}

/** The tree of a commit that is here. @throws RetryableError */
export async function treeOfCommit(commits: Commits, commit: Sha, signal: AbortSignal): Promise<Oid> {
  const args = ['rev-parse', '--verify', `${toCommit(commit)}^{tree}`];
  return toOid((await answerOf(commits, { args }, signal)).trim());
}

/** Whether `newer` has `older` in its history; a commit that is not here is in none. */
export async function isAncestorOf(
  commits: Commits,
  { older, newer }: { readonly older: Sha; readonly newer: Sha },
  signal: AbortSignal,
): Promise<boolean> {
  const { local } = commits;
  if (!(await hasCommit(local, older, signal)) || !(await hasCommit(local, newer, signal))) return false;
  const args = ['merge-base', '--is-ancestor', older, newer];
  const { code, complaint } = await local({ args }, signal);
  if (code === 0 || code === 1) return code === 0;
  throw unreadable(commits, args, { code, complaint });
}

/**
 * The commits after `since` up to `tip` that touch the file, newest first, as `git log -- <path>` shows them: a merge is
 * one of them only where it made the file itself, and what a merge threw away is none.
 */
async function commitsTouching(
  commits: Commits,
  { path, since, tip }: { readonly path: string; readonly since: Sha; readonly tip: Sha },
  signal: AbortSignal,
): Promise<readonly HistoryCommit[]> {
  const { local } = commits;
  const isHere = (await hasCommit(local, since, signal)) && (await hasCommit(local, tip, signal));
  if (!isInTree(path) || !isHere) return [];
  const form = ['-z', '--format=%H%x00%B', '--no-show-signature', `--max-count=${mostCommits}`];
  const args = ['--literal-pathspecs', 'log', ...form, `${since}..${tip}`, '--', path];
  const rows = (await answerOf(commits, { args, maxBytes: allMessages }, signal)).split('\0');
  const found: HistoryCommit[] = [];
  for (let at = 0; at + 1 < rows.length; at += 2) {
    const message = (rows[at + 1] ?? '').slice(0, longestMessage);
    found.push({ sha: toCommit(rows[at] ?? ''), message });
  }
  return found;
}

/** The id of the tree without a file, which is another one in SHA-256 repositories. */
export async function emptyTree(commits: Commits, signal: AbortSignal): Promise<Oid> {
  return toOid((await answerOf(commits, { args: ['mktree'], input: '' }, signal)).trim());
}

/** Bytes that are not UTF-8 become U+FFFD: messages are for people. @throws RetryableError */
async function answerOf(commits: Commits, call: GitCall, signal: AbortSignal): Promise<string> {
  const answer = await commits.local(call, signal);
  if (answer.code === 0) return answer.stdout.toString('utf8');
  throw unreadable(commits, call.args, answer);
}

function unreadable(
  { onBroken }: Commits,
  args: readonly string[],
  { code, complaint }: { readonly code: number; readonly complaint: string },
): RetryableError {
  // Below zero it was killed, which says nothing of what it read.
  if (code > 0) onBroken();
  const command = args.find((word) => !word.startsWith('-'));
  return new RetryableError(`git ${command} ended with ${code}: ${complaint || 'no reason given'}`);
}

/** Whether a tree can hold a file of this name; git would take others for places beside the repository. */
function isInTree(path: string): boolean {
  return !path.includes('\0') && path.split('/').every((part) => !['', '.', '..'].includes(part));
}
