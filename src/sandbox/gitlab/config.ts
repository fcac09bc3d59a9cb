import type { PipelineStatus } from './state.ts';

/** How the sandbox is set up. */
export interface GitlabConfig {
  /** An existing directory for the bare repositories; the caller removes it. */
  readonly root: string;
  readonly clock?: { now(): Date };
  readonly port?: number;
  /** A path below which the host lives, such as `/gitlab`. */
  readonly relativePath?: string;
  /** What the instance says it is; before 17.4 deliveries have no Idempotency-Key, before 19.0 no signature. */
  readonly version?: string;
  readonly knobs?: Partial<GitlabKnobs>;
}

/** What differs between instances and versions; may be changed while the sandbox runs. */
export interface GitlabKnobs {
  /** Whether repeating a status is accepted, as late 18.x versions do (specs git-hosts 3.5). */
  idempotentStatuses: boolean;
  /** Statuses and jobs one pipeline may hold. */
  maxJobsPerPipeline: number;
  /** How long a writer waits for the lock of a commit's statuses before it is told 409. */
  statusLock: { readonly tries: number; readonly delayMs: number };
  /** Between a push or an opened merge request and its CI pipeline. */
  pipelineDelayMs: number;
  /** How long a CI pipeline runs, and how it ends. */
  pipelineRunMs: number;
  pipelineResult: PipelineStatus;
  /** How long a merge status is `checking` after a push. */
  mergeCheckMs: number;
  /** A webhook receiver's time to answer. */
  webhookTimeoutMs: number;
  /** Whether failing hooks are disabled (on at GitLab.com, off by default elsewhere). */
  autoDisableHooks: boolean;
  /** A push that touches more branches (or tags) sends no hook for them at all. */
  pushEventHooksLimit: number;
}

/** The behaviour of a stock instance. */
export const defaultKnobs: Readonly<GitlabKnobs> = {
  idempotentStatuses: false,
  maxJobsPerPipeline: 500,
  statusLock: { tries: 20, delayMs: 500 },
  pipelineDelayMs: 50,
  pipelineRunMs: 50,
  pipelineResult: 'success',
  mergeCheckMs: 0,
  webhookTimeoutMs: 10_000,
  autoDisableHooks: true,
  pushEventHooksLimit: 3,
};
