import type { RunRow, World } from '../state.ts';
import { lifeOf, reportOf, type Life, type Report, type RunState } from './life.ts';
import { isDeleted } from './workflows.ts';

/** A run as tests and scripts see it. */
export interface RunView {
  readonly runId: string;
  readonly displayName: string;
  readonly description: string;
  readonly experimentId: string;
  readonly namespace: string;
  /** `pipelineInfo.name`. */
  readonly pipeline: string;
  /** Undefined for a run whose specification came with it. */
  readonly versionId: string | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly pipelineRoot: string;
  readonly serviceAccount: string;
  readonly workflow: string;
  readonly state: RunState;
  readonly createdAt: Date;
  readonly finishedAt: Date | undefined;
}

/** What the Workflow does and what is told of it; a Workflow that was deleted does nothing. */
export function following(
  world: World,
  run: RunRow,
): { readonly life: Life | undefined; readonly report: Report } {
  const life = isDeleted(world, run.workflow) ? undefined : lifeOf(run, world.knobs);
  return { life, report: reportOf(run, life, world.now(), world.knobs) };
}

/** The run, as it is told now. */
export function viewRun(world: World, run: RunRow): RunView {
  const { state, finishedAt } = following(world, run).report;
  const { id: runId, displayName, description, experimentId, namespace, pipeline, parameters } = run;
  const { pipelineRoot, serviceAccount, createdAt, source } = run;
  return {
    runId,
    displayName,
    description,
    experimentId,
    namespace,
    pipeline,
    parameters,
    pipelineRoot,
    serviceAccount,
    state,
    createdAt,
    finishedAt,
    versionId: source.kind === 'version' ? source.versionId : undefined,
    workflow: run.workflow.name,
  };
}

/** Does what the script does at the end, once, as soon as the end is told. */
export async function finishRun(world: World, run: RunRow): Promise<void> {
  if (following(world, run).report.finishedAt === undefined) return;
  run.ending ??= atEnd(world, run);
  await run.ending;
}

async function atEnd(world: World, run: RunRow): Promise<void> {
  await run.playing.atEnd(viewRun(world, run));
}
