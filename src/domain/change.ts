import type { Repository, Sha } from './repository.ts';

/** A merge or pull request, or a merge group, as the host describes it at the moment of reading. */
export interface Change {
  /** The repository it wants to be merged into. */
  readonly repository: Repository;
  /** undefined: a merge group has none. */
  readonly number: number | undefined;
  /** How people of the host write it: `!7`, `#7`; of a merge group its branch. Absent in older records. */
  readonly reference?: string | undefined;
  readonly title: string;
  /** Its page at the host. */
  readonly url: string;
  readonly state: 'open' | 'merged' | 'closed';
  readonly draft: boolean;
  readonly head: Sha;
  /** A ref of the target repository that holds the head: `refs/merge-requests/7/head`. */
  readonly headRef: string;
  readonly source: {
    /** undefined when the fork was deleted. */
    readonly repositoryId: string | undefined;
    readonly branch: string;
    readonly fork: boolean;
  };
  readonly targetBranch: string;
}
