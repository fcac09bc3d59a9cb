/** A production run on Kubeflow Pipelines, as it was seen last. */
export interface TrainingFacts {
  /** Names that follow from repository and content, so that they are found again (specs kubeflow-kserve 3.8). */
  readonly pipeline: string;
  readonly version: string;
  readonly experiment: string;
  /** The server's ids of pipeline and version; undefined: not uploaded yet. */
  readonly uploaded: { readonly pipelineId: string; readonly versionId: string } | undefined;
  /** What we asked the run to be called, and what the server calls it: old servers choose an id of their own. */
  readonly runId: string;
  readonly serverRunId: string | undefined;
  readonly state: RunState | undefined;
  /** ISO time; undefined: it has not ended. */
  readonly finished: string | undefined;
  readonly tasks: readonly TrainingTask[];
  /** What the server says is wrong with the run, where it says something. */
  readonly trouble: string | undefined;
}

/** States of a run and of its tasks (specs kubeflow-kserve 3.3). */
export type RunState =
  | 'pending'
  | 'running'
  | 'succeeded'
  | 'skipped'
  | 'failed'
  | 'canceling'
  | 'canceled'
  | 'paused'
  | 'unknown';

/** A task as people wrote it: drivers are left out, executors are folded into their task (specs kubeflow-kserve 4.2). */
export interface TrainingTask {
  readonly name: string;
  readonly state: RunState;
  /** ISO times. */
  readonly started: string | undefined;
  readonly finished: string | undefined;
  /** The node whose log tells what happened; undefined where none ran. */
  readonly node: string | undefined;
  /** The last lines of its log, where it failed and the log could be read. */
  readonly logTail: readonly string[];
}

/** Whether a run in this state will never be in another one. */
export function isOver(state: RunState): boolean {
  return state === 'succeeded' || state === 'skipped' || state === 'failed' || state === 'canceled';
}
