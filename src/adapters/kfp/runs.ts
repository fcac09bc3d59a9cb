import { z } from 'zod';
import { isOver } from '../../domain/training.ts';
import type { NewRun, PipelineRun, RunQuery } from '../../ports/pipelines.ts';
import { findNamed, pathOf } from './find-named.ts';
import { toRunState, toTime } from './run-state.ts';
import { answerOf, jsonBody, readAnswer, type Line } from './send.ts';
import { readRows } from './task-rows.ts';
import { foldTasks } from './tasks.ts';

const text = z.string().nullish();
const trouble = z.object({ message: text }).nullish().catch(undefined);

/** A run; one that the server cannot convert has an error and little else (specs kubeflow-kserve 3.3). */
const Run = z.object({
  run_id: z.string().min(1),
  display_name: text,
  state: text,
  created_at: text,
  finished_at: text,
  error: trouble,
  state_history: z
    .array(z.object({ update_time: text, error: trouble }))
    .nullish()
    .catch(undefined),
  // Left out by servers without MLMD (specs kubeflow-kserve 3.9).
  run_details: z
    .object({ task_details: z.array(z.unknown()).nullish() })
    .nullish()
    .catch(undefined),
});

type Run = z.infer<typeof Run>;

/**
 * By the id that we asked for; where a server has chosen one of its own, the newest of the run's name in the
 * experiment (specs kubeflow-kserve 3.8).
 */
export async function findRun(
  line: Line,
  { runId, name, experimentId }: RunQuery,
  signal: AbortSignal,
): Promise<PipelineRun | undefined> {
  const asked = await getRun(line, runId, signal);
  if (asked !== undefined) return toPipelineRun(asked);
  const list = {
    path: pathOf('runs'),
    field: 'runs',
    row: Run,
    query: { experiment_id: experimentId },
  } as const;
  const rows = await findNamed(line, { ...list, key: 'display_name', value: name }, signal);
  const found = rows.find((row) => row.display_name === name);
  return found && toPipelineRun((await getRun(line, found.run_id, signal)) ?? found);
}

/** Asks once. A run of that id that is there already is what was wanted. */
export async function createRun(line: Line, run: NewRun, signal: AbortSignal): Promise<void> {
  const { serviceAccount, pipelineRoot } = line.config;
  const { pipelineId, versionId } = run.version;
  const body = jsonBody({
    run_id: run.runId,
    display_name: run.name,
    description: run.description,
    experiment_id: run.experimentId,
    pipeline_version_reference: { pipeline_id: pipelineId, pipeline_version_id: versionId },
    runtime_config: { parameters: run.parameters, pipeline_root: pipelineRoot },
    service_account: serviceAccount,
  });
  const got = await line.ask({ method: 'POST', path: pathOf('runs'), body }, signal);
  if (got.kind !== 'exists') answerOf(got);
}

/** The server refuses to end what is not going on, in several ways; then the run itself says whether it ends. */
export async function terminate(line: Line, id: string, signal: AbortSignal): Promise<void> {
  const got = await line.ask({ method: 'POST', path: `${pathOf('runs', id)}:terminate` }, signal);
  if (got.kind === 'answer') return;
  const run = await getRun(line, id, signal);
  if (run === undefined) return;
  const state = toRunState(run.state);
  if (!isOver(state) && state !== 'canceling') throw got.error;
}

async function getRun(line: Line, id: string, signal: AbortSignal): Promise<Run | undefined> {
  const got = await line.ask({ method: 'GET', path: pathOf('runs', id) }, signal);
  return got.kind === 'absent' ? undefined : readAnswer(line, Run, answerOf(got), 'a run');
}

function toPipelineRun(run: Run): PipelineRun {
  const state = toRunState(run.state);
  const last = run.state_history?.at(-1);
  const ended = toTime(run.finished_at) ?? toTime(last?.update_time) ?? toTime(run.created_at);
  return {
    id: run.run_id,
    name: run.display_name ?? '',
    state,
    created: toTime(run.created_at) ?? new Date(0).toISOString(),
    finished: isOver(state) ? ended : undefined,
    trouble: run.error?.message ?? last?.error?.message ?? undefined,
    tasks: foldTasks(readRows(run.run_details?.task_details ?? []), state),
  };
}
