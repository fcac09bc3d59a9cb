import type { App, Repository, User } from './state.ts';

/** A label as it sits on a pull request. */
export interface Label {
  readonly id: number;
  readonly name: string;
}

/** A pull request, which is an issue too: they share numbers and comments. */
export interface Pull {
  readonly id: number;
  readonly issueId: number;
  readonly number: number;
  readonly repository: Repository;
  readonly user: User;
  readonly createdAt: Date;
  /** Where it comes from; undefined once the fork is gone. */
  headRepository: Repository | undefined;
  readonly headRef: string;
  /** Every head it ever had, newest last. */
  readonly heads: string[];
  headSha: string;
  baseRef: string;
  /** The tip of the base when the head or the base was last set. */
  baseSha: string;
  title: string;
  body: string | undefined;
  labels: readonly Label[];
  draft: boolean;
  state: 'open' | 'closed';
  stats: PullStats;
  /** Undefined: nobody asked yet, or it is being found out. */
  mergeable: boolean | undefined;
  /** While it is open, the commit of a test merge, maybe stale; after a merge, what the base got. */
  mergeCommitSha: string | undefined;
  mergedAt: Date | undefined;
  mergedBy: User | undefined;
  closedAt: Date | undefined;
  updatedAt: Date;
}

/** How much it changes. */
export interface PullStats {
  readonly commits: number;
  readonly additions: number;
  readonly deletions: number;
  readonly changedFiles: number;
}

/** A comment below a pull request. */
export interface Comment {
  readonly id: number;
  readonly pull: Pull;
  readonly user: User;
  /** The App that wrote it. */
  readonly app: App | undefined;
  readonly createdAt: Date;
  body: string;
  updatedAt: Date;
}

/** Why a merge group ended. */
export type GroupEnd = 'merged' | 'invalidated' | 'dequeued';

/** One entry of a merge queue with the branch that was built for it. */
export interface MergeGroup {
  readonly id: number;
  readonly repository: Repository;
  readonly pull: Pull;
  /** `gh-readonly-queue/main/pr-7-<sha of the base>`, without `refs/heads/`. */
  readonly branch: string;
  readonly headSha: string;
  readonly baseSha: string;
  readonly baseRef: string;
  ended: GroupEnd | undefined;
}
