import { ok, seconds, type Answer, type Call, type Route } from '../api/call.ts';
import { listPage, type Listable } from '../api/list.ts';
import { findExperiment } from '../experiments.ts';
import { internal, invalid, notFound, within, wrap } from '../refusal.ts';
import type { RunRow, World } from '../state.ts';
import { createRun } from './create.ts';
import { nodesOf } from './nodes.ts';
import { presentRun } from './present.ts';
import { finishRun, following } from './view.ts';
import { isDeleted, storeDueRows } from './workflows.ts';

/** Runs and the logs of their pods (specs kubeflow 3.3, 3.5). */
export function runRoutes(world: World): readonly Route[] {
  const base = '/apis/v2beta1/runs';
  const log = '/apis/v1alpha1/runs/{id}/nodes/{node}/log';
  return [
    { method: 'POST', pattern: base, handle: (call) => createRun(world, call) },
    { method: 'GET', pattern: base, handle: list },
    { method: 'POST', pattern: `${base}/{id}:terminate`, handle: terminate },
    { method: 'GET', pattern: `${base}/{id}`, handle: get },
    { method: 'GET', pattern: log, handle: readLog },
  ];

  async function get({ path }: Call): Promise<Answer> {
    const run = within('Failed to get a run', () => find(path['id'] ?? ''));
    await finishRun(world, run);
    return ok(presentRun(world, run));
  }

  async function list({ query }: Call): Promise<Answer> {
    storeDueRows(world);
    const page = within('Failed to list runs', () => listPage(inScope(query), query, fieldsOf(world)));
    for (const run of page.entries) await finishRun(world, run);
    const runs = page.entries.map((run) => presentRun(world, run));
    return ok({ runs, total_size: page.total, next_page_token: page.next });
  }

  function inScope(query: URLSearchParams): readonly RunRow[] {
    const experiment = query.get('experiment_id') ?? '';
    if (experiment !== '') {
      const { id } = findExperiment(world, experiment);
      return world.runs.filter((run) => run.experimentId === id);
    }
    if (world.config.multiUser !== true) return world.runs;
    const namespace = query.get('namespace') ?? '';
    if (namespace === '') throw invalid('Namespace cannot be empty in multi-user mode');
    return world.runs.filter((run) => run.namespace === namespace);
  }

  /** Only a run that is pending or running can be terminated, and only once. */
  function terminate({ path }: Call): Answer {
    return within('Failed to terminate a run', () => {
      const run = find(path['id'] ?? '');
      const { state } = following(world, run).report;
      if (state !== 'PENDING' && state !== 'RUNNING')
        throw wrap(
          invalid(`Failed to terminate a run ${run.id}. Row not found`),
          `Failed to terminate run ${run.id}`,
        );
      run.terminatedAt = world.now();
      if (isDeleted(world, run.workflow))
        throw internal(
          `Failed to terminate run ${run.id} due to error terminating its workflow`,
          `workflows.argoproj.io "${run.workflow.name}" not found`,
        );
      return ok({});
    });
  }

  /** 200 comes first, so a failure is an error body below a 200. */
  function readLog({ path }: Call): Answer {
    storeDueRows(world);
    const { id = '', node = '' } = path;
    const headers = { 'content-type': 'text/plain; charset=utf-8' };
    const run = world.runs.find((row) => row.id === id);
    const { life, report } = run === undefined ? {} : following(world, run);
    const nodes = run === undefined || life === undefined ? [] : nodesOf(run, life, world.knobs);
    const found = nodes.find((entry) => entry.pod === node && entry.start <= (report?.until ?? 0));
    if (found !== undefined) return { status: 200, body: found.log, headers };
    const cause = run === undefined ? `Run ${id} not found` : `pods "${node}" not found`;
    const message = `Failed to read logs for run ${id}: ${cause}`;
    return { status: 200, body: JSON.stringify({ error_message: message, error_details: message }), headers };
  }

  function find(id: string): RunRow {
    storeDueRows(world);
    const run = world.runs.find((row) => row.id === id);
    if (run === undefined) throw wrap(notFound('Run', id), `Failed to fetch run ${id}`);
    return run;
  }
}

function fieldsOf(world: World): Listable<RunRow> {
  const epoch = (time: Date | undefined): number => Date.parse(seconds(time)) / 1000;
  return {
    type: 'Run',
    key: 'run_id',
    fields: {
      run_id: (run) => run.id,
      display_name: (run) => run.displayName,
      name: (run) => run.displayName,
      created_at: (run) => epoch(run.createdAt),
      finished_at: (run) => epoch(following(world, run).report.finishedAt),
      scheduled_at: (run) => epoch(run.createdAt),
      description: (run) => run.description,
      storage_state: () => 'AVAILABLE',
      state: (run) => following(world, run).report.state,
      namespace: (run) => run.namespace,
      experiment_id: (run) => run.experimentId,
      recurring_run_id: () => '',
    },
  };
}
