import type { App, Repository, User } from './state.ts';

/** How a check run ended; `stale` is the host's own word. */
export type Conclusion =
  | 'action_required'
  | 'cancelled'
  | 'failure'
  | 'neutral'
  | 'success'
  | 'skipped'
  | 'timed_out'
  | 'stale';

/** All check runs of one App on one commit. */
export interface CheckSuite {
  readonly id: number;
  readonly repository: Repository;
  readonly app: App;
  readonly headSha: string;
  /** Undefined for a head that lives in a fork. */
  readonly headBranch: string | undefined;
  readonly before: string | undefined;
  readonly createdAt: Date;
  /** Somebody asked for it again, and nothing came yet. */
  rerequested: boolean;
  updatedAt: Date;
}

/** One result of an App on one commit. */
export interface CheckRun {
  readonly id: number;
  readonly suite: CheckSuite;
  readonly createdAt: Date;
  readonly annotations: Annotation[];
  name: string;
  status: 'queued' | 'in_progress' | 'completed';
  conclusion: Conclusion | undefined;
  externalId: string | undefined;
  detailsUrl: string | undefined;
  startedAt: Date | undefined;
  completedAt: Date | undefined;
  title: string | undefined;
  summary: string | undefined;
  text: string | undefined;
  actions: readonly CheckAction[];
}

/** A button at a check run. */
export interface CheckAction {
  readonly label: string;
  readonly description: string;
  readonly identifier: string;
}

/** A remark at lines of a file. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly startColumn: number | undefined;
  readonly endColumn: number | undefined;
  readonly level: 'notice' | 'warning' | 'failure';
  readonly title: string | undefined;
  readonly message: string;
  readonly rawDetails: string | undefined;
}

/** One posted commit status. */
export interface CommitStatus {
  readonly id: number;
  readonly sha: string;
  readonly state: 'error' | 'failure' | 'pending' | 'success';
  readonly context: string;
  readonly description: string | undefined;
  readonly targetUrl: string | undefined;
  readonly creator: User;
  readonly createdAt: Date;
}
