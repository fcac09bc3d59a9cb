import type { Repository, Sha } from './repository.ts';

/** Everything that can happen, whatever the host. An event is a hint: ids and SHAs; the worker re-reads the host. */
export type Event = ChangeTouched | BranchMoved | CommandGiven | PipelineSeen;

/** A change was opened, updated, reopened, retargeted, relabelled, closed or merged. */
export interface ChangeTouched {
  readonly kind: 'change-touched';
  readonly repository: Repository;
  readonly number: number;
  /** The head that the host named, where it named one. */
  readonly head: Sha | undefined;
}

/** A branch has another tip. */
export interface BranchMoved {
  readonly kind: 'branch-moved';
  readonly repository: Repository;
  readonly branch: string;
  /** undefined: the branch was created. A hint only: never the base of a change set. */
  readonly before: Sha | undefined;
  /** undefined: the branch was deleted. */
  readonly after: Sha | undefined;
}

/** Somebody wrote `/modelgate …` below a change; text and permission are read from the host by the job. */
export interface CommandGiven {
  readonly kind: 'command-given';
  readonly repository: Repository;
  readonly number: number;
  /** The host's id of the comment, as text. */
  readonly commentId: string;
}

/** A pipeline runs for a commit: on GitLab our status may have to move into it (specs git-hosts 3.5, step 5). */
export interface PipelineSeen {
  readonly kind: 'pipeline-seen';
  readonly repository: Repository;
  readonly sha: Sha;
  readonly pipelineId: string;
  /** The change the pipeline belongs to, where the host says so. */
  readonly number: number | undefined;
}
