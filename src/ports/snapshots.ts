import type { Oid, Repository, Sha } from '../domain/repository.ts';

/** A file of a tree. Symlinks have mode 120000, submodules 160000 and type commit. */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  readonly oid: Oid;
}

/** A file that differs between two trees; a side without the file is undefined. Renames are a removal and an addition. */
export interface TreeChange {
  readonly path: string;
  readonly before: TreeEntry | undefined;
  readonly after: TreeEntry | undefined;
}

/** The bytes of a blob, or why they were not read. `too-large` when over `maxBytes`; size in bytes. */
export type Blob =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'too-large'; readonly size: number }
  | { readonly kind: 'missing' };

/** Reads git objects. Nothing is checked out, filtered or executed. */
export interface TreeReader {
  /** Every file below the tree, paths with `/`, in git's order. */
  list(tree: Oid, signal: AbortSignal): Promise<readonly TreeEntry[]>;
  /** What differs between two trees. */
  changes(from: Oid, to: Oid, signal: AbortSignal): Promise<readonly TreeChange[]>;
  /** Blobs by id, fetched in one batch where they are not here yet. Every id asked for is in the answer. */
  read(blobs: readonly Oid[], maxBytes: number, signal: AbortSignal): Promise<ReadonlyMap<Oid, Blob>>;
}

/** Which tree the verdict will be about. */
export type Judged =
  | { readonly kind: 'merge-result'; readonly tree: Oid }
  | { readonly kind: 'conflict'; readonly conflicts: readonly Conflict[] }
  /**
   * No merge could be made (git older than 2.38, history that is not here): the head itself, and why. `remedy`: what
   * would make the merge possible. Where it is set the head says nothing certain, and the verdict is undecided.
   */
  | {
      readonly kind: 'head';
      readonly tree: Oid;
      readonly reason: string;
      readonly remedy?: string | undefined;
    };

/** A file that both sides changed. `message` is git's own. */
export interface Conflict {
  readonly path: string;
  readonly message: string;
  /** A merge or rebase stopped at this file on a laptop, and nobody has resolved it yet. */
  readonly unresolved?: true | undefined;
}

/** A commit and its tree. `commit` is undefined for the working tree of a laptop. */
export interface Side {
  readonly commit: Sha | undefined;
  readonly tree: Oid;
}

/** Base (the target's tip), head and merge result of one change, ready to be read. */
export interface Snapshot {
  readonly base: Side & { readonly commit: Sha };
  readonly head: Side;
  readonly judged: Judged;
  /** The head is judged by its own policy, and nothing is merged: it is the tip of a branch. */
  readonly alone?: true | undefined;
  readonly trees: TreeReader;
}

/** A commit of a branch's history. */
export interface HistoryCommit {
  readonly sha: Sha;
  readonly message: string;
}

/** The history of a branch, ready to be read. */
export interface History {
  readonly trees: TreeReader;
  /** The tree of a commit; undefined: the history does not hold it. */
  treeOf(commit: Sha, signal: AbortSignal): Promise<Oid | undefined>;
  /** Whether `newer` has `older` in its history; a commit is its own ancestor. */
  isAncestor(older: Sha, newer: Sha, signal: AbortSignal): Promise<boolean>;
  /** The commits after `since` up to `tip` that touch the file, newest first, at most a hundred. */
  touching(
    path: string,
    range: { readonly since: Sha; readonly tip: Sha },
    signal: AbortSignal,
  ): Promise<readonly HistoryCommit[]>;
}

/** Makes snapshots of the changes of a host's repositories. */
export interface Snapshots {
  /**
   * Fetches the target branch's tip and the head (and nothing of any blob) and merges them.
   * @throws RetryableError when the host is away or `headRef` does not hold `head` yet;
   *   UserError `head-gone` when the head cannot be had any more.
   */
  take(
    wanted: {
      repository: Repository;
      targetBranch: string;
      head: Sha;
      headRef: string;
      /**
       * The head is the tip of the target branch and judged as it is; what differs from `since` is what it brings.
       * `since` undefined, or not in its history: everything is new.
       */
      alone?: { readonly since: Sha | undefined } | undefined;
    },
    signal: AbortSignal,
  ): Promise<Snapshot>;
  /** Fetches a branch (and nothing of any blob). @throws as `take`; UserError `target-gone` where there is no such branch. */
  history(
    wanted: { repository: Repository; branch: string; commit: Sha },
    signal: AbortSignal,
  ): Promise<History>;
}
