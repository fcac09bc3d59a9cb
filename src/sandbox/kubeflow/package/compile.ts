import { internal, Refusal } from '../refusal.ts';
import type { Package } from './read-package.ts';
import { isRecord, recordOf, textOf } from './shapes.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * What the server finds out when it makes a Workflow of the specification, all of it a 500 that will never pass
 * (specs kubeflow 2.0, 3.7). Returns the names of the root's tasks, producers first.
 * @throws Refusal 500
 */
export function compile({ spec }: Package, workflow: string): readonly string[] {
  const components = recordOf(spec['components']);
  const executors = recordOf(recordOf(spec['deploymentSpec'])['executors']);
  const seen = new Set<string>();
  const graphs: [string, ReturnType<typeof tasksOf>][] = [];
  checkComponent('root', spec['root']);
  const orders = new Map(graphs.map(([name, tasks]) => [name, orderOf(name, tasks, workflow)]));
  const order = orders.get('root');
  if (order !== undefined) return order;
  throw internal(
    `Failed to validate workflow for (${workflow})`,
    "spec.entrypoint template 'entrypoint' undefined",
  );

  function checkComponent(name: string, value: unknown): void {
    if (seen.has(name)) return;
    seen.add(name);
    const component = recordOf(value);
    const label = component['executorLabel'];
    if (typeof label === 'string') return checkExecutor(name, label);
    if (!isRecord(component['dag'])) throw broken(name, 'unknown component implementation: ');
    const tasks = tasksOf(component);
    if (tasks.length === 0)
      throw failed(`compiling DAG "${name}": DAG ${name} must contain one or more non-exit tasks`);
    for (const [, task] of tasks) {
      const reference = textOf(recordOf(task['componentRef'])['name']);
      const title = textOf(recordOf(task['taskInfo'])['name']);
      if (reference === '') throw broken(name, `component ref name is empty for task name="${title}"`);
      if (!isRecord(components[reference]))
        throw broken(name, `cannot find component ref name="${reference}"`);
      checkComponent(reference, components[reference]);
    }
    checkProducers(name, tasks);
    graphs.push([name, tasks]);
  }

  function checkExecutor(name: string, label: string): void {
    const executor = recordOf(executors[label]);
    if (Object.keys(executor).length === 0)
      throw broken(name, `executor(label="${label}") not found in deployment config`);
    if (!isRecord(executor['container']) && !isRecord(executor['importer']))
      throw broken(
        name,
        `executor(label="${label}"): non-container and non-importer executor not implemented`,
      );
  }
}

function tasksOf(component: Fields): readonly (readonly [string, Fields])[] {
  const tasks = recordOf(recordOf(component['dag'])['tasks']);
  return Object.entries(tasks).map(([name, task]) => [name, recordOf(task)]);
}

function checkProducers(dag: string, tasks: readonly (readonly [string, Fields])[]): void {
  const names = new Set(tasks.map(([name]) => name));
  for (const [name, task] of tasks) {
    if (isRecord(task['artifactIterator']))
      throw failed(`compiling DAG "${dag}": artifact iterator not implemented yet`);
    const missing = producersOf(task).find((producer) => !names.has(producer));
    if (missing !== undefined)
      throw failed(
        `compiling DAG "${dag}": task "${name}": failed to add implicit deps: unknown producer task "${missing}" in DAG`,
      );
  }
}

function producersOf(task: Fields): readonly string[] {
  const inputs = recordOf(task['inputs']);
  const all = [
    ...Object.values(recordOf(inputs['parameters'])),
    ...Object.values(recordOf(inputs['artifacts'])),
  ];
  return all.flatMap((input) => {
    const output = recordOf(input)['taskOutputParameter'] ?? recordOf(input)['taskOutputArtifact'];
    const producer = recordOf(output)['producerTask'];
    return typeof producer === 'string' ? [producer] : [];
  });
}

/** Argo's own check of the graph. */
function orderOf(
  dag: string,
  tasks: readonly (readonly [string, Fields])[],
  workflow: string,
): readonly string[] {
  const left = new Map(
    tasks.map(([name, task]) => [name, new Set([...dependentTasks(task), ...producersOf(task)])]),
  );
  for (const [name, needs] of left) {
    const missing = [...needs].find((other) => !left.has(other));
    if (missing !== undefined)
      throw refusedByArgo(
        `templates.${dag} sorting failed: templates.${dag}.tasks.${name} dependency '${missing}' not defined`,
      );
  }
  const order: string[] = [];
  while (left.size > 0) {
    const ready = [...left].find(([, needs]) => [...needs].every((other) => order.includes(other)));
    if (ready === undefined)
      throw refusedByArgo(`templates.${dag} dependency cycle detected: ${[...left.keys()].join('->')}`);
    order.push(ready[0]);
    left.delete(ready[0]);
  }
  return order;

  function refusedByArgo(cause: string): Refusal {
    return internal(`Failed to validate workflow for (${workflow})`, cause);
  }
}

function dependentTasks(task: Fields): readonly string[] {
  const names = task['dependentTasks'];
  return Array.isArray(names) ? names.map(String) : [];
}

function broken(component: string, cause: string): Refusal {
  return failed(`error processing component name="${component}": ${cause}`);
}

/** A compiler error is no error of the server's own kind, so users read it whole. */
function failed(cause: string): Refusal {
  const chain = `Failed to generate the ExecutionSpec: Failed to compile job: ${cause}`;
  return new Refusal(13, chain, `Internal error: ${chain}`);
}
