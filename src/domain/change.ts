import type { Repository, Sha } from './repository.ts';

/** A merge or pull request as the host describes it at the moment of reading. */
export interface Change {
  /** The repository it wants to be merged into. */
  readonly repository: Repository;
  readonly number: number;
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
