import type { Sha } from './repository.ts';

/** A commit as people recognise it. `name`: the branch or ref by which it was found; undefined for a detached head. */
export interface NamedCommit {
  readonly sha: Sha;
  readonly name: string | undefined;
  /** First line of its message: untrusted. */
  readonly subject: string;
  readonly committedAt: Date;
}

/** What was read on a laptop, for people: which commits, how fresh. */
export interface Reading {
  readonly target: NamedCommit;
  readonly head: {
    /** undefined: the branch has no commit yet. */
    readonly commit: NamedCommit | undefined;
    /** Files of the working tree that differ from the commit; 0: the commit itself was read. */
    readonly changedFiles: number;
  };
  /** Whether the target is a branch of a remote as last fetched: `git fetch` moves no other target. */
  readonly targetIsFetched: boolean;
  /** When something was last fetched; undefined: not since the repository was cloned or made. */
  readonly fetchedAt: Date | undefined;
  /** Why the head alone was judged; undefined when the merge was. */
  readonly notMerged: string | undefined;
}
