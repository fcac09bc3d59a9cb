import { createHash } from 'node:crypto';
import type { KubeflowKnobs } from '../config.ts';
import type { RunRow } from '../state.ts';
import type { Life, PlayedTask } from './life.ts';

/** A node of the Workflow: a driver, a task around its executor, or an executor (specs kubeflow 4.2). */
export interface Node {
  readonly id: string;
  /** Its pod; undefined for nodes that only hold others. */
  readonly pod: string | undefined;
  readonly display: string;
  readonly start: number;
  readonly end: number | undefined;
  readonly outcome: 'SUCCEEDED' | 'FAILED' | 'SKIPPED';
  /** The node that holds it. */
  readonly parent: string | undefined;
  /** Node ids of what comes right after it. */
  readonly children: readonly string[];
  readonly log: string;
}

/** All nodes of a life, started or not, as Argo names and links them. */
export function nodesOf(run: RunRow, life: Life, knobs: KubeflowKnobs): readonly Node[] {
  const workflow = run.workflow.name;
  const id = (path: string): string => `${workflow}-${fnv1a(`${workflow}.${path}`)}`;
  const driver = (task: PlayedTask): string => id(`root.${task.name}-driver`);
  const first = life.tasks.filter((task) => task.after.length === 0);
  const whole = { start: life.start, end: life.end, outcome: outcomeOf(life), pod: undefined, log: '' };
  const rootDriver = podNode('root-driver', 'root-driver', 'system-dag-driver', undefined);
  return [
    { ...whole, id: workflow, display: workflow, parent: undefined, children: [rootDriver.id] },
    { ...rootDriver, start: life.start, end: life.start, parent: workflow, children: [id('root')] },
    { ...whole, id: id('root'), display: 'root', parent: workflow, children: first.map(driver) },
    ...life.tasks.flatMap(nodesOfTask),
  ];

  function nodesOfTask(task: PlayedTask): readonly Node[] {
    const begun = Math.min(task.start + 1000, task.end ?? Number.POSITIVE_INFINITY);
    const { name, end } = task;
    const outcome = task.outcome === 'FAILED' ? 'FAILED' : 'SUCCEEDED';
    const own = id(`root.${name}`);
    const next = life.tasks.filter((other) => other.after.includes(name));
    const print = task.log ?? `${name} has nothing to say\n`;
    const executor = podNode(`root.${name}.executor`, 'executor', 'system-container-impl', print);
    const cached = task.outcome === 'CACHED';
    return [
      {
        ...podNode(`root.${name}-driver`, `${name}-driver`, 'system-container-driver', undefined),
        start: task.start,
        end: begun,
        parent: id('root'),
        children: [own],
      },
      {
        id: own,
        display: name,
        start: begun,
        end,
        outcome,
        pod: undefined,
        log: '',
        parent: id('root'),
        children: [executor.id],
      },
      {
        ...executor,
        start: begun,
        end: cached ? begun : end,
        outcome: cached ? 'SKIPPED' : outcome,
        pod: cached ? undefined : executor.pod,
        parent: own,
        children: next.map(driver),
      },
    ];
  }

  function podNode(
    path: string,
    display: string,
    template: string,
    log: string | undefined,
  ): Pick<Node, 'id' | 'pod' | 'display' | 'outcome' | 'log'> {
    const node = id(path);
    const pod = knobs.podNames === 'v1' ? node : `${workflow}-${template}-${node.slice(workflow.length + 1)}`;
    return {
      id: node,
      pod,
      display,
      outcome: 'SUCCEEDED',
      log: log ?? `${display} published its execution\n`,
    };
  }
}

function outcomeOf(life: Life): Node['outcome'] {
  return life.outcome === 'SUCCEEDED' || life.outcome === 'SKIPPED' ? life.outcome : 'FAILED';
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** The id of a node's row, the same whenever it is asked for. */
export function taskId(run: RunRow, node: string): string {
  const hash = createHash('sha256').update(`${run.id}/${node}`).digest('hex');
  const groups = [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ];
  return groups.join('-');
}
