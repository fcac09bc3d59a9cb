import type { RunRow, WorkflowRow, World } from '../state.ts';

/** A Workflow object as the cluster shows it. */
export interface WorkflowView {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createdAt: Date;
}

/** Stores the rows whose time has come; one that finds its key taken is lost. */
export function storeDueRows(world: World): void {
  const now = world.now().getTime();
  const due = world.pendingRuns.filter(({ at }) => at <= now).toSorted((one, other) => one.at - other.at);
  for (const row of due) {
    world.pendingRuns.splice(world.pendingRuns.indexOf(row), 1);
    storeRow(world, row.run);
  }
}

/** Stores a row; false when its key is taken. */
export function storeRow(world: World, run: RunRow): boolean {
  if (world.runs.some((row) => row.id === run.id)) return false;
  world.runs.push(run);
  const experiment = world.experiments.find((row) => row.id === run.experimentId);
  if (experiment !== undefined) experiment.lastRunAt = run.createdAt;
  return true;
}

/** A Workflow whose run has no row when the grace is over is deleted, even if the row comes later (specs kubeflow 3.8). */
export function isDeleted(world: World, workflow: WorkflowRow): boolean {
  const over = workflow.createdAt.getTime() + world.knobs.workflowGraceMs;
  if (world.now().getTime() < over) return false;
  const run = world.runs.find((row) => row.id === workflow.runId);
  return run === undefined || run.storedAt.getTime() >= over;
}

/** The Workflows that are there. */
export function liveWorkflows(world: World): readonly WorkflowView[] {
  storeDueRows(world);
  const live = world.workflows.filter((workflow) => !isDeleted(world, workflow));
  return live.map(({ name, namespace, runId, createdAt }) => ({
    name,
    namespace,
    labels: { 'pipeline/runid': runId },
    createdAt,
  }));
}
