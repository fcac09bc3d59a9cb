import type { RunState, TrainingTask } from '../domain/training.ts';

/** A version of a pipeline on the platform. */
export interface PipelineVersion {
  readonly pipelineId: string;
  readonly versionId: string;
  /** What we wrote beside it when we uploaded it: the digest of the file. */
  readonly description: string;
}

/** How a run is found: by the id that we chose or, where a server chooses its own, by its name in the experiment. */
export interface RunQuery {
  readonly runId: string;
  readonly name: string;
  readonly experimentId: string;
}

/** A run to be created. */
export interface NewRun extends RunQuery {
  readonly description: string;
  readonly version: Pick<PipelineVersion, 'pipelineId' | 'versionId'>;
  readonly parameters: Readonly<Record<string, string | number | boolean>>;
}

/** A run as the platform tells of it, tasks as people wrote them, without log tails. */
export interface PipelineRun {
  /** The server's id of it. */
  readonly id: string;
  readonly name: string;
  readonly state: RunState;
  /** ISO times; undefined: it has not ended. */
  readonly created: string;
  readonly finished: string | undefined;
  /** What the server says is wrong with it. */
  readonly trouble: string | undefined;
  readonly tasks: readonly TrainingTask[];
}

/**
 * One environment's Kubeflow Pipelines. Every method throws RetryableError for what a later try may answer, and
 * UserError for what only people can repair: `kubeflow-unauthorised`, `kubeflow-address` where something else answers,
 * and `kubeflow-refused` where the specification or a parameter is wrong (specs kubeflow-kserve 3.7), with what the server said.
 */
export interface Pipelines {
  /** undefined: there is no such pipeline, or no such version of it. */
  findVersion(pipeline: string, version: string, signal: AbortSignal): Promise<PipelineVersion | undefined>;
  /** Makes the pipeline where there is none, and the version. One that is there already is no trouble. */
  uploadVersion(
    wanted: {
      readonly pipeline: string;
      readonly version: string;
      readonly description: string;
      readonly yaml: string;
    },
    signal: AbortSignal,
  ): Promise<void>;
  /** The id of the experiment of that name, made where there is none. */
  experiment(name: string, signal: AbortSignal): Promise<string>;
  findRun(query: RunQuery, signal: AbortSignal): Promise<PipelineRun | undefined>;
  /**
   * Asks once for the run, and never repeats by itself: whether a lost answer was a lost request only `findRun` tells,
   * and not at once (specs kubeflow-kserve 3.8).
   */
  createRun(run: NewRun, signal: AbortSignal): Promise<void>;
  /** Asks the run to end; one that has ended already is no trouble. */
  terminate(serverRunId: string, signal: AbortSignal): Promise<void>;
  /** The last lines of a node's log, oldest first; empty where the platform has none any more. */
  logTail(serverRunId: string, node: string, lines: number, signal: AbortSignal): Promise<readonly string[]>;
  /** The page of a run, for people. */
  runUrl(serverRunId: string): string;
}
