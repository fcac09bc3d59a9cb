import { randomBytes, randomUUID } from 'node:crypto';
import { ok, type Answer, type Call } from '../api/call.ts';
import { gatewayTimeout } from '../api/faults.ts';
import { readMessage } from '../api/message.ts';
import { addExperiment, findExperiment } from '../experiments.ts';
import { checkInputs } from '../package/check-inputs.ts';
import { compile } from '../package/compile.ts';
import { recordOf, textOf } from '../package/shapes.ts';
import { badRequest, internal, invalid, within } from '../refusal.ts';
import { isAtLeast, ownNamespace, type ExperimentRow, type RunRow, type World } from '../state.ts';
import { runMessage } from './message.ts';
import { presentRun } from './present.ts';
import { readSource } from './source.ts';
import { storeDueRows, storeRow } from './workflows.ts';

/** The run's id is a label of the Workflow. */
const isLabel = /^[A-Za-z0-9](?:[-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/;

type Fields = Readonly<Record<string, unknown>>;

/** `POST /runs`: the Workflow object first, the row later (specs kubeflow 3.3, 3.8). */
export function createRun(world: World, { raw }: Call): Answer {
  const body = readMessage(raw, runMessage(isAtLeast(world, 17)));
  if (body['plugins_output'] !== undefined)
    throw badRequest(
      'plugins_output is server-owned and populated exclusively via plugin lifecycle hooks',
      'plugins_output must not be set by the client',
    );
  storeDueRows(world);
  return within('Failed to create a new run', () => begin(world, body));
}

function begin(world: World, body: Fields): Answer {
  const displayName = textOf(body['display_name']);
  if (displayName === '')
    throw internal(
      'Failed to convert a API run detail to its internal representation',
      'Invalid input error: Run name cannot be empty',
    );
  const experiment = experimentOf(world, textOf(body['experiment_id']));
  const { source, content } = readSource(world, body);
  const config = recordOf(body['runtime_config']);
  const parameters = recordOf(config['parameters']);
  const name = `${content.name}-${randomBytes(3).toString('hex').slice(0, 5)}`;
  within('Failed to generate the ExecutionSpec: invalid pipeline job inputs', () =>
    checkInputs(content, parameters),
  );
  const tasks = compile(content, name);
  const given = textOf(body['run_id']);
  const id = world.knobs.honoursRunId && given !== '' ? given : randomUUID();
  if (!isLabel.test(id))
    throw internal(`Failed to create a workflow for (${name})`, `metadata.labels: Invalid value: "${id}"`);
  const createdAt = world.now();
  const namespace = experiment.namespace;
  const workflow = { name, namespace: namespace || ownNamespace, runId: id, createdAt };
  const { rowAfterMs } = world.knobs;
  const run: RunRow = {
    id,
    displayName,
    experimentId: experiment.id,
    namespace,
    source,
    parameters,
    createdAt,
    workflow,
    description: textOf(body['description']),
    pipeline: content.name,
    pipelineRoot: textOf(config['pipeline_root']),
    serviceAccount:
      textOf(body['service_account']) || (world.config.multiUser ? 'default-editor' : 'pipeline-runner'),
    storedAt: new Date(createdAt.getTime() + (rowAfterMs === 'never' ? 0 : rowAfterMs)),
    playing: world.choosePlaying({ id, pipeline: content.name, tasks }),
    terminatedAt: undefined,
    ending: undefined,
  };
  world.workflows.push(workflow);
  return store(world, run);
}

/** A row that is late is not waited for by the gateway in front. */
function store(world: World, run: RunRow): Answer {
  const { rowAfterMs } = world.knobs;
  if (rowAfterMs === 'never') return gatewayTimeout;
  if (rowAfterMs > 0) {
    world.pendingRuns.push({ run, at: run.storedAt.getTime() });
    return gatewayTimeout;
  }
  if (!storeRow(world, run))
    throw internal(
      `Failed to create a run: Failed to store run ${run.displayName} to table`,
      `Error 1062 (23000): Duplicate entry '${run.id}' for key 'run_details.PRIMARY'`,
    );
  return ok(presentRun(world, run));
}

function experimentOf(world: World, id: string): ExperimentRow {
  return within('Failed to create a run due to invalid experimentId and namespace combination', () => {
    if (id !== '') return findExperiment(world, id);
    if (world.config.multiUser === true) throw invalid('Experiment id can not be empty in multi-user mode');
    return world.experiments.find((row) => row.name === 'Default') ?? addExperiment(world, 'Default', '');
  });
}
