import { isOver, type RunState, type TrainingTask } from '../../domain/training.ts';
import { nodeId } from './argo-ids.ts';
import { attemptOf, isExecutor, partAt, type Part } from './people-name.ts';
import { findPlaces, type Places } from './places.ts';
import { podOf } from './pod-names.ts';
import type { TaskRow } from './task-rows.ts';

/** Rows that are one task to people. */
interface Folded {
  readonly name: string;
  readonly tasks: TaskRow[];
  readonly drivers: TaskRow[];
  readonly executors: TaskRow[];
}

/** What all tasks of a run have in common. */
interface Whole {
  readonly state: RunState;
  readonly places: Places;
}

/** The rows of a run as people wrote them, in the order of their beginning (specs kubeflow-kserve 4.2). */
export function foldTasks(rows: readonly TaskRow[], state: RunState): readonly TrainingTask[] {
  const places = findPlaces(rows);
  const groups = new Map<string, Folded>();
  const names = new Set(rows.map((row) => row.name));
  const isTask = (name: string): boolean => names.has(`${name}-driver`);
  for (const row of rows) {
    if (places.isWorkflow(row)) continue;
    const place = places.of(row);
    if (place === undefined && (row.name === 'root' || isExecutor(row.name))) continue;
    const part = partAt(place ?? ['', row.name], isTask);
    if (part.key === '' || part.role === 'inside') continue;
    // What cannot be placed is not mixed with what can.
    const key = place === undefined ? ` ${part.key}` : part.key;
    const group = groups.get(key) ?? { name: part.name, tasks: [], drivers: [], executors: [] };
    groups.set(key, group);
    listOf(group, part.role).push(row);
  }
  return [...groups.values()]
    .flatMap((group) => describeGroup(group, { state, places }))
    .toSorted((one, other) => compareTimes(one.started, other.started));
}

function listOf(group: Folded, role: Exclude<Part['role'], 'inside'>): TaskRow[] {
  if (role === 'task') return group.tasks;
  return role === 'driver' ? group.drivers : group.executors;
}

/** One task; several where rows of one name could not be told apart. */
function describeGroup(group: Folded, run: Whole): readonly TrainingTask[] {
  const { name, tasks, drivers } = group;
  const driver = drivers.find((row) => row.state === 'failed') ?? drivers[0];
  if (tasks.length > 1) return tasks.map((row) => fromTask(group, row, undefined, run));
  if (driver?.state === 'failed') return [fromDriver(name, driver, 'failed', run.places)];
  const [only] = tasks;
  if (only !== undefined) return [fromTask(group, only, driver, run)];
  if (driver === undefined) return [];
  return [fromDriver(name, driver, driver.state === 'succeeded' ? 'running' : driver.state, run.places)];
}

function fromTask(
  { name, executors }: Folded,
  row: TaskRow,
  driver: TaskRow | undefined,
  run: Whole,
): TrainingTask {
  const isCached = executors.length > 0 && executors.every((executor) => executor.state === 'skipped');
  // Argo's word for what was left out after a failure is none of the API's words.
  const isOmitted = row.state === 'unknown' && isOver(run.state);
  const isSkipped = isOmitted || row.state === 'skipped' || (isCached && row.state === 'succeeded');
  return {
    name,
    state: isSkipped ? 'skipped' : row.state,
    started: driver?.started ?? row.started,
    finished: row.finished,
    node: isSkipped ? undefined : executorPod(row, executors, run.places),
    logTail: [],
  };
}

function fromDriver(name: string, driver: TaskRow, state: RunState, places: Places): TrainingTask {
  const { started, finished } = driver;
  const place = places.of(driver);
  const pod = driver.pod ?? (place && podOf(nodeId(place), 'driver'));
  const node = state === 'failed' ? pod : undefined;
  return { name, state, started, finished: state === 'failed' ? finished : undefined, node, logTail: [] };
}

/** The pod of the last attempt: the row's own child, unless the row is of a task that is made of tasks. */
function executorPod(row: TaskRow, executors: readonly TaskRow[], places: Places): string | undefined {
  const last = executors.toSorted(
    (one, other) => (attemptOf(other.name) ?? -1) - (attemptOf(one.name) ?? -1),
  )[0];
  if (last?.pod !== undefined) return last.pod;
  const place = places.of(row);
  const attempts = row.children.flatMap((child) => places.attempts(child));
  if (place !== undefined && attempts.length > 0) return podOf(attempts.at(-1) ?? '', 'executor');
  if (place !== undefined && executors.length === 0) return undefined;
  const [only, ...others] = row.children;
  return only === undefined || others.length > 0 ? undefined : podOf(only, 'executor');
}

function compareTimes(one: string | undefined, other: string | undefined): number {
  if (one === other) return 0;
  if (one === undefined) return 1;
  if (other === undefined) return -1;
  return one < other ? -1 : 1;
}
