import { tmpdir } from 'node:os';
import { UserError } from '../../errors.ts';
import type { Reading } from '../../domain/reading.ts';
import type { Oid, Sha } from '../../domain/repository.ts';
import type { Conflict, Snapshot } from '../../ports/snapshots.ts';
import { createExclusive } from './exclusive.ts';
import { findRepository, lastFetched, namedCommit } from './find-repository.ts';
import type { LocalRepository } from './find-repository.ts';
import { findTarget } from './find-target.ts';
import { mergeTree } from './merge-tree.ts';
import { toCommit, toOid } from './oid.ts';
import { personalEnvironment } from './hardening.ts';
import { createGit, succeed } from './run-git.ts';
import type { Git } from './run-git.ts';
import { createTreeReader } from './tree-reader.ts';
import { unresolvedFiles } from './unresolved-files.ts';
import { openView } from './view.ts';
import type { View } from './view.ts';
import { treeOfFiles } from './working-tree.ts';

/** How a working copy is opened. */
export interface WorkingCopyOptions {
  /** A branch, tag or commit to merge into; undefined: the remote's default branch. */
  readonly target: string | undefined;
  /** Judge the commit HEAD even where the files differ from it. */
  readonly committed: boolean;
  /** The environment of the process. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Where objects that we make are kept until `close`; the system's directory where nothing is said. */
  readonly temporary?: string | undefined;
  readonly signal: AbortSignal;
}

/** A repository on a laptop, ready to be judged. */
export interface WorkingCopy {
  /** The top directory of the working tree. */
  readonly root: string;
  readonly snapshot: Snapshot;
  readonly reading: Reading;
  /** Removes what was made for reading; the reader does not work afterwards. */
  close(): Promise<void>;
}

/**
 * Opens the repository around a directory. Nothing of it is written: not the index, not its objects, no ref; none of
 * its hooks and filters runs.
 * @throws UserError `not-a-repository`, `no-target`, `no-commit`, `unreadable-files`.
 */
export async function openWorkingCopy(directory: string, options: WorkingCopyOptions): Promise<WorkingCopy> {
  const config = [
    ['core.hooksPath', '/dev/null'],
    ['core.fsmonitor', 'false'],
  ] as const;
  const environment = personalEnvironment(options.environment);
  const personal = createGit({ directory, environment, config, secrets: [] });
  const repository = await findRepository(personal, directory, options.signal);
  const { commit: target, isFetched } = await findTarget(personal, options.target, options.signal);
  const view = await openView(personal, repository, options, options.temporary ?? tmpdir());
  try {
    const head = await readHead(personal, view, repository, options);
    const snapshot = await snapshotOf(view, repository, { target: target.sha, head }, options.signal);
    const { judged } = snapshot;
    const reading: Reading = {
      target,
      head: { commit: head.named, changedFiles: head.changedFiles },
      targetIsFetched: isFetched,
      fetchedAt: await lastFetched(repository),
      notMerged: judged.kind === 'head' ? judged.reason : undefined,
    };
    return { root: repository.root, snapshot, reading, close: () => view.close() };
  } catch (error) {
    await view.close();
    throw error;
  }
}

interface Head {
  readonly named: Reading['head']['commit'];
  readonly changedFiles: number;
  readonly tree: Oid;
  /** Files at which a merge, rebase or cherry-pick stopped: with them there is no tree to merge. */
  readonly unresolved: readonly Conflict[];
  /** What is merged: HEAD, or a commit of ours on top of it; undefined where there is no commit at all. */
  readonly commit: Sha | undefined;
}

async function readHead(
  personal: Git,
  view: View,
  repository: LocalRepository,
  options: WorkingCopyOptions,
): Promise<Head> {
  const named = await namedCommit(personal, 'HEAD', options.signal);
  const committedTree =
    named === undefined ? undefined : await oidOf(view.local, `${named.sha}^{tree}`, options.signal);
  if (options.committed) {
    if (named === undefined || committedTree === undefined) throw noCommit(repository);
    return { named, changedFiles: 0, tree: committedTree, unresolved: [], commit: named.sha };
  }
  const unresolved = await unresolvedFiles(view, repository, options.signal);
  const files = await treeOfFiles(view, repository, committedTree, options.signal);
  const merged = await namedCommit(personal, 'MERGE_HEAD', options.signal);
  if (files.tree === committedTree && merged === undefined && unresolved.length === 0) {
    return { named, changedFiles: 0, tree: files.tree, unresolved, commit: named?.sha };
  }
  const parents = [named?.sha, merged?.sha].filter((sha) => sha !== undefined);
  const commit = named && (await commitOf(view.local, files.tree, parents, options.signal));
  return { named, changedFiles: Math.max(files.changed, 1), tree: files.tree, unresolved, commit };
}

async function snapshotOf(
  view: View,
  repository: LocalRepository,
  sides: { readonly target: Sha; readonly head: Head },
  signal: AbortSignal,
): Promise<Snapshot> {
  const { target, head } = sides;
  const { network } = view;
  const base = { commit: target, tree: await oidOf(view.local, `${target}^{tree}`, signal) };
  const exclusive = createExclusive();
  const trees = createTreeReader({
    local: view.local,
    network: network && (() => Promise.resolve(network)),
    exclusive: (work) => exclusive('fetch', work),
    readBytes: 512 * 1024 ** 2,
    onBroken: () => undefined,
  });
  const isCommit = head.changedFiles === 0;
  const side = { commit: isCommit ? head.commit : undefined, tree: head.tree };
  if (head.unresolved.length > 0) {
    return { base, head: side, judged: { kind: 'conflict', conflicts: head.unresolved }, trees };
  }
  if (head.commit === undefined) {
    const judged = { kind: 'head', tree: head.tree, reason: 'the branch has no commit yet' } as const;
    return { base, head: side, judged, trees };
  }
  const merge = { base: target, head: head.commit, headTree: head.tree, shallow: repository.shallow };
  const judged = await mergeTree(network?.git ?? view.local, merge, signal);
  if (judged !== undefined) return { base, head: side, judged, trees };
  const reason = 'objects of the history are missing here';
  const remedy =
    'run `git fetch` where the remote of this clone can be reached, or `git fsck` to see what is missing';
  return { base, head: side, judged: { kind: 'head', tree: head.tree, reason, remedy }, trees };
}

/**
 * A commit in our own object store, so that files that were never committed can be merged. While a merge is under way it
 * has both parents: what the person has resolved is no conflict any more.
 */
async function commitOf(git: Git, tree: Oid, parents: readonly Sha[], signal: AbortSignal): Promise<Sha> {
  const who = { NAME: 'modelgate', EMAIL: 'modelgate@localhost', DATE: '2000-01-01T00:00:00Z' };
  const environment: Record<string, string> = {};
  for (const [key, value] of Object.entries(who)) {
    environment[`GIT_AUTHOR_${key}`] = value;
    environment[`GIT_COMMITTER_${key}`] = value;
  }
  const args = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-m', 'working tree', tree];
  return toCommit((await succeed(git, { args, environment }, signal)).toString('utf8').trim());
}

async function oidOf(git: Git, revision: string, signal: AbortSignal): Promise<Oid> {
  const output = await succeed(git, { args: ['rev-parse', '--verify', revision] }, signal);
  return toOid(output.toString('utf8').trim());
}

function noCommit(repository: LocalRepository): UserError {
  return new UserError(
    'no-commit',
    `${repository.root} has no commit yet.`,
    'Commit first, or leave out --committed to judge the files as they are.',
  );
}
