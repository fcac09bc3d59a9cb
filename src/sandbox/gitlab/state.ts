import type { Deployment, Environment } from './state-deployments.ts';

/** Access levels: guest 10, reporter 20, developer 30, maintainer 40, owner 50. */
export type AccessLevel = 10 | 20 | 30 | 40 | 50;

/** What a token may do. */
export type TokenScope = 'api' | 'read_api' | 'read_repository' | 'write_repository';

/** A person or a bot. */
export interface User {
  readonly id: number;
  readonly username: string;
  readonly name: string;
  readonly bot: boolean;
  /** A blocked user stays a member, and may do nothing. */
  state: 'active' | 'blocked';
}

/** A personal, project or group access token. */
export interface Token {
  readonly value: string;
  readonly user: User;
  readonly scopes: readonly TokenScope[];
  revoked: boolean;
}

/** A project and everything in it. */
export interface Project {
  readonly id: number;
  /** With namespace: `ml/auto-mpg`. */
  readonly path: string;
  readonly directory: string;
  readonly creator: User;
  readonly forkedFrom: Project | undefined;
  readonly createdAt: Date;
  readonly members: Map<number, AccessLevel>;
  /** Branch name to the level that may push and merge; 0: nobody. */
  readonly protectedBranches: Map<string, AccessLevel | 0>;
  readonly hooks: Hook[];
  readonly mergeRequests: MergeRequest[];
  readonly pipelines: Pipeline[];
  readonly environments: Environment[];
  /** Oldest first. */
  readonly deployments: Deployment[];
  /** Environment to the level that may deploy to it. */
  readonly protectedEnvironments: Map<string, AccessLevel>;
  settings: ProjectSettings;
}

/** What a maintainer may set. */
export interface ProjectSettings {
  readonly defaultBranch: string;
  readonly visibility: 'private' | 'internal' | 'public';
  /** Whether pushes and merge requests start CI pipelines. */
  readonly ciEnabled: boolean;
  readonly onlyAllowMergeIfPipelineSucceeds: boolean;
  readonly allowMergeOnSkippedPipeline: boolean;
  readonly mergePipelinesEnabled: boolean;
  readonly mergeTrainsEnabled: boolean;
  readonly archived: boolean;
}

/** A proposal to merge one branch into another. */
export interface MergeRequest {
  readonly id: number;
  readonly iid: number;
  readonly project: Project;
  readonly sourceProject: Project;
  readonly sourceBranch: string;
  readonly author: User;
  readonly createdAt: Date;
  readonly notes: Note[];
  /** Every head it ever had, newest last. */
  readonly heads: string[];
  targetBranch: string;
  title: string;
  description: string;
  labels: readonly string[];
  state: 'opened' | 'closed' | 'merged';
  sha: string;
  diffRefs: { readonly base: string; readonly start: string; readonly head: string };
  mergeability: 'unchecked' | 'checking' | 'can_be_merged' | 'cannot_be_merged';
  mergeCommitSha: string | undefined;
  squashCommitSha: string | undefined;
  mergedBy: User | undefined;
  mergedAt: Date | undefined;
  closedBy: User | undefined;
  closedAt: Date | undefined;
  updatedAt: Date;
  updatedBy: User | undefined;
}

/** A comment below a merge request. */
export interface Note {
  readonly id: number;
  readonly author: User;
  readonly system: boolean;
  readonly createdAt: Date;
  readonly awards: Award[];
  body: string;
  updatedAt: Date;
}

/** An emoji somebody put on a note. */
export interface Award {
  readonly id: number;
  readonly name: string;
  readonly user: User;
  readonly createdAt: Date;
}

/** States of statuses and pipelines. */
export type PipelineStatus =
  | 'created'
  | 'pending'
  | 'running'
  | 'success'
  | 'failed'
  | 'canceled'
  | 'skipped';

/** Where a pipeline came from; `external` ones were created by a posted commit status. */
export type PipelineSource = 'push' | 'merge_request_event' | 'external' | 'web' | 'schedule' | 'api';

/** A pipeline: CI jobs, here as one state, and posted statuses. */
export interface Pipeline {
  readonly id: number;
  readonly iid: number;
  readonly project: Project;
  /** What runs: the head, or the merge result of a merged-results pipeline. */
  readonly sha: string;
  /** The head it was made for. */
  readonly sourceSha: string;
  readonly ref: string;
  readonly source: PipelineSource;
  readonly mergeRequest: MergeRequest | undefined;
  readonly user: User;
  readonly createdAt: Date;
  readonly statuses: CommitStatus[];
  /** The state of its CI jobs; undefined where it has none. */
  ciStatus: PipelineStatus | undefined;
  status: PipelineStatus;
  archived: boolean;
  updatedAt: Date;
}

/** One posted status: a job of the stage `external`. */
export interface CommitStatus {
  readonly id: number;
  readonly name: string;
  readonly ref: string;
  readonly user: User;
  readonly pipeline: Pipeline;
  readonly createdAt: Date;
  status: PipelineStatus;
  targetUrl: string | undefined;
  description: string | undefined;
  coverage: number | undefined;
  startedAt: Date | undefined;
  finishedAt: Date | undefined;
  /** Hidden by a newer one of the same name. */
  retried: boolean;
}

/** Kinds of events a hook may subscribe to. */
export type HookEvent = 'push' | 'tag_push' | 'merge_requests' | 'note' | 'pipeline' | 'deployment';

/** A project webhook. */
export interface Hook {
  readonly id: number;
  readonly project: Project;
  readonly url: string;
  readonly secretToken: string | undefined;
  /** `whsec_` and 32 bytes in base64. */
  readonly signingToken: string | undefined;
  readonly events: ReadonlySet<HookEvent>;
  readonly createdAt: Date;
  recentFailures: number;
  disabledUntil: Date | undefined;
}

/** One try to deliver an event. */
export interface Delivery {
  readonly id: number;
  readonly hook: Hook;
  /** The header `X-Gitlab-Event`. */
  readonly trigger: string;
  readonly requestHeaders: Readonly<Record<string, string>>;
  readonly requestBody: string;
  /** `internal error` for a timeout or a broken connection. */
  readonly responseStatus: number | 'internal error';
  readonly responseBody: string;
  readonly createdAt: Date;
  readonly durationMs: number;
}

/** A quick action that a comment triggered. */
export interface QuickAction {
  readonly user: string;
  readonly noteId: number | undefined;
  readonly command: string;
  readonly argument: string;
}
