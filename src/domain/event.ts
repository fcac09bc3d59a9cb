import type { Repository, Sha } from './repository.ts';

/** Everything that can happen, whatever the host. An event is a hint: ids and SHAs; the worker re-reads the host. */
export type Event =
  | ChangeTouched
  | MergeGroupTouched
  | BranchMoved
  | CommandGiven
  | RerunAsked
  | PipelineSeen
  | AccessChanged;

/** A change was opened, updated, reopened, retargeted, relabelled, closed or merged. */
export interface ChangeTouched {
  readonly kind: 'change-touched';
  readonly repository: Repository;
  readonly number: number;
  /** The head that the host named, where it named one. */
  readonly head: Sha | undefined;
}

/** A merge queue wants the result of several changes judged, or does not want it any more. */
export interface MergeGroupTouched {
  readonly kind: 'merge-group-touched';
  readonly repository: Repository;
  /** The branch that holds the result, without `refs/heads/`. */
  readonly branch: string;
  readonly head: Sha;
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

/** Somebody pressed a button beside our status: the same wish as `/modelgate retest`. */
export interface RerunAsked {
  readonly kind: 'rerun-asked';
  readonly repository: Repository;
  readonly sha: Sha;
  /** The branch of the merge group whose head it is; undefined: the head of changes. */
  readonly branch: string | undefined;
  /** Who pressed it, as `People` knows them; the permission is asked for by the job. */
  readonly personId: string;
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

/** The host shows us other repositories than before: what is open there has to be found. */
export interface AccessChanged {
  readonly kind: 'access-changed';
  /** The `id` of the host in the server's configuration. */
  readonly host: string;
}
