import { populated, seconds } from '../api/call.ts';
import type { RunRow, World } from '../state.ts';
import type { Report } from './life.ts';
import { nodesOf, taskId, type Node } from './nodes.ts';
import { following } from './view.ts';

type Json = Readonly<Record<string, unknown>>;

/** A run as the API shows it (specs kubeflow 3.3, 4.2). */
export function presentRun(world: World, run: RunRow): Json {
  const { life, report } = following(world, run);
  const nodes = life === undefined ? [] : nodesOf(run, life, world.knobs);
  const tasks = nodes.filter((node) => node.start <= report.until).toSorted(byId);
  const config = populated({
    parameters: Object.keys(run.parameters).length === 0 ? undefined : run.parameters,
    pipeline_root: run.pipelineRoot,
  });
  return populated({
    experiment_id: run.experimentId,
    run_id: run.id,
    display_name: run.displayName,
    storage_state: 'AVAILABLE',
    description: run.description,
    ...source(run),
    runtime_config: Object.keys(config).length === 0 ? undefined : config,
    service_account: run.serviceAccount,
    created_at: seconds(run.createdAt),
    scheduled_at: seconds(run.createdAt),
    finished_at: seconds(report.finishedAt),
    state: report.state,
    run_details:
      tasks.length === 0
        ? undefined
        : { task_details: tasks.map((node) => presentTask(world, run, node, report)) },
    state_history: report.history.map(({ state, at }) => ({ update_time: seconds(at), state })),
  });
}

function byId(one: Node, other: Node): number {
  return one.id < other.id ? -1 : 1;
}

function source(run: RunRow): Json {
  if (run.source.kind === 'spec') return { pipeline_spec: run.source.spec };
  const { pipelineId, versionId } = run.source;
  return { pipeline_version_reference: { pipeline_id: pipelineId, pipeline_version_id: versionId } };
}

/** A row of `task_details`; what has not ended ends in the year 1. */
function presentTask(world: World, run: RunRow, node: Node, { until }: Report): Json {
  const { knobs } = world;
  const ended = node.end !== undefined && node.end <= until;
  const state = ended ? node.outcome : 'RUNNING';
  const told = (at: number): string => seconds(new Date(at + knobs.reportLagMs));
  const begun = { update_time: told(node.start), state: 'RUNNING' };
  const over = { update_time: told(node.end ?? node.start), state };
  const parent = knobs.parentTaskIds ? node.parent : undefined;
  return populated({
    run_id: run.id,
    task_id: taskId(run, node.id),
    display_name: node.display,
    create_time: seconds(run.createdAt),
    start_time: seconds(new Date(node.start)),
    end_time: ended ? seconds(new Date(node.end)) : '0001-01-01T00:00:00Z',
    state,
    parent_task_id: parent === undefined ? undefined : taskId(run, parent),
    state_history: ended ? [begun, over] : [begun],
    child_tasks: node.children.map((id) => ({ pod_name: id })),
  });
}
