import type { KubeflowConfig, KubeflowKnobs } from './config.ts';
import type { Package } from './package/read-package.ts';
import type { Playing } from './runs/script.ts';

/** A pipeline's row. */
export interface PipelineRow {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly namespace: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

/** A pipeline version's row. */
export interface VersionRow {
  readonly id: string;
  readonly pipelineId: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdAt: Date;
  readonly package: Package;
}

/** An experiment's row. */
export interface ExperimentRow {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly namespace: string;
  readonly createdAt: Date;
  lastRunAt: Date | undefined;
}

/** A run's row. */
export interface RunRow {
  readonly id: string;
  readonly displayName: string;
  readonly description: string;
  readonly experimentId: string;
  readonly namespace: string;
  readonly source:
    | { readonly kind: 'version'; readonly pipelineId: string; readonly versionId: string }
    | { readonly kind: 'spec'; readonly spec: Readonly<Record<string, unknown>> };
  readonly pipeline: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly pipelineRoot: string;
  readonly serviceAccount: string;
  readonly createdAt: Date;
  /** When the row was stored; the server's own time, which clients never see. */
  readonly storedAt: Date;
  readonly workflow: WorkflowRow;
  playing: Playing;
  terminatedAt: Date | undefined;
  /** What is done once, when the run is first seen as ended. */
  ending: Promise<void> | undefined;
}

/** A Workflow object of the cluster, labelled `pipeline/runid`. */
export interface WorkflowRow {
  readonly name: string;
  readonly namespace: string;
  readonly runId: string;
  readonly createdAt: Date;
}

/** A row that will be stored when its time has come. */
export interface PendingRow {
  readonly run: RunRow;
  readonly at: number;
}

/** Everything the server knows. */
export interface World {
  readonly config: KubeflowConfig;
  readonly knobs: KubeflowKnobs;
  readonly now: () => Date;
  readonly version: string;
  readonly pipelines: PipelineRow[];
  readonly versions: VersionRow[];
  readonly experiments: ExperimentRow[];
  readonly runs: RunRow[];
  readonly pendingRuns: PendingRow[];
  /** Also those that are deleted by now; `liveWorkflows` knows. */
  readonly workflows: WorkflowRow[];
  /** The script of a run that is being created. */
  readonly choosePlaying: (run: {
    readonly id: string;
    readonly pipeline: string;
    readonly tasks: readonly string[];
  }) => Playing;
}

/** A server of minor version `minor` of 2.x or later. */
export function isAtLeast(world: World, minor: number): boolean {
  return Number(world.version.split('.')[1]) >= minor;
}

/** The namespace of single-user installations. */
export const ownNamespace = 'kubeflow';
