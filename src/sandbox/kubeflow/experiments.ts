import { textOf } from './package/shapes.ts';
import { randomUUID } from 'node:crypto';
import { ok, populated, seconds, type Answer, type Call, type Route } from './api/call.ts';
import { listPage, type Listable } from './api/list.ts';
import { readMessage, type Message } from './api/message.ts';
import { alreadyExists, invalid, notFound, within, wrap } from './refusal.ts';
import type { ExperimentRow, World } from './state.ts';

const message: Message = {
  experiment_id: 'string',
  display_name: 'string',
  description: 'string',
  created_at: 'time',
  namespace: 'string',
  storage_state: 'string',
  last_run_created_at: 'time',
};
const fields: Listable<ExperimentRow> = {
  type: 'Experiment',
  key: 'experiment_id',
  fields: {
    experiment_id: (row) => row.id,
    display_name: (row) => row.name,
    name: (row) => row.name,
    created_at: (row) => Date.parse(seconds(row.createdAt)) / 1000,
    last_run_created_at: (row) => Date.parse(seconds(row.lastRunAt)) / 1000,
    description: (row) => row.description,
    namespace: (row) => row.namespace,
    storage_state: () => 'AVAILABLE',
  },
};

/** Experiments (specs kubeflow 3.2). */
export function experimentRoutes(world: World): readonly Route[] {
  const base = '/apis/v2beta1/experiments';
  return [
    { method: 'POST', pattern: base, handle: create },
    { method: 'GET', pattern: base, handle: list },
    {
      method: 'GET',
      pattern: `${base}/{id}`,
      handle: ({ path }) => ok(present(findExperiment(world, path['id'] ?? ''))),
    },
  ];

  function create({ raw }: Call): Answer {
    const body = readMessage(raw, message);
    return within('Failed to create a new experiment', () => {
      const name = textOf(body['display_name']);
      if (name === '') throw invalid('Experiment name is empty. Please specify a valid experiment name');
      if (name.length > 128) throw invalid('Experiment.Name length cannot exceed 128');
      const namespace = world.config.multiUser === true ? textOf(body['namespace']) : '';
      if (world.config.multiUser === true && namespace === '') throw invalid('Namespace cannot be empty');
      return ok(present(addExperiment(world, name, namespace, textOf(body['description']))));
    });
  }

  function list({ query }: Call): Answer {
    const multiUser = world.config.multiUser === true;
    const namespace = multiUser ? (query.get('namespace') ?? '') : '';
    if (multiUser && namespace === '')
      throw wrap(invalid('Namespace cannot be empty'), 'Failed to list experiments');
    const rows = world.experiments.filter((row) => row.namespace === namespace);
    const page = within('Failed to list experiments', () => listPage(rows, query, fields));
    return ok({ experiments: page.entries.map(present), total_size: page.total, next_page_token: page.next });
  }
}

/** Stores an experiment. @throws Refusal 409 when the name is taken in the namespace */
export function addExperiment(
  world: World,
  name: string,
  namespace: string,
  description = '',
): ExperimentRow {
  if (world.experiments.some((row) => row.name === name && row.namespace === namespace))
    throw alreadyExists(
      `Failed to create a new experiment. The name ${name} already exists. Please specify a new name`,
    );
  const row = {
    id: randomUUID(),
    name,
    description,
    namespace,
    createdAt: world.now(),
    lastRunAt: undefined,
  };
  world.experiments.push(row);
  return row;
}

/** An experiment. @throws Refusal 404 */
export function findExperiment(world: World, id: string): ExperimentRow {
  const row = world.experiments.find((row) => row.id === id);
  if (row === undefined) throw wrap(notFound('Experiment', id), 'Failed to get an experiment');
  return row;
}

function present(row: ExperimentRow): Readonly<Record<string, unknown>> {
  return populated({
    experiment_id: row.id,
    display_name: row.name,
    description: row.description,
    created_at: seconds(row.createdAt),
    namespace: row.namespace,
    storage_state: 'AVAILABLE',
    last_run_created_at: seconds(row.lastRunAt),
  });
}
