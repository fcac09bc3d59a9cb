import type { Place } from './places.ts';

/** What a node is to people. */
export interface Part {
  /** Tells the task from others of its name; empty for what is around all tasks. */
  readonly key: string;
  /** The task's name as people wrote it, with the iterations it is in: `train(0:0)`. */
  readonly name: string;
  readonly role: 'task' | 'driver' | 'executor' | 'inside';
}

const iteration = /^iteration-iterations(\(\d+:.*\))$/;
const executor = /^executor(?:\((\d+)\))?$/;

/**
 * What a node at a place is to people: drivers and executors are parts of tasks, loops have nodes of their own between
 * the loop and its tasks (specs kubeflow-kserve 4.2). `isTask` says whether a name occurs as that of a task.
 */
export function partAt(place: Place, isTask: (name: string) => boolean): Part {
  const names = place[1] === 'root' ? place.slice(2) : place.slice(1);
  const own: string[] = [];
  let round = '';
  let role: Part['role'] = 'task';
  for (const name of names) {
    const found = iteration.exec(name);
    role = 'task';
    if (found !== null) {
      round += found[1] ?? '';
      role = 'inside';
    } else if (name === 'iteration-iterations' || name === 'iteration-item' || name.includes('.hooks.')) {
      role = 'inside';
    } else if (name === 'iteration-driver' || name === 'iteration-item-driver') {
      role = 'driver';
    } else if (isExecutor(name) && (own.length > 0 || !isTask(name))) {
      role = 'executor';
    } else {
      role = isDriver(name, isTask) ? 'driver' : 'task';
      own.push(role === 'driver' ? name.slice(0, -'-driver'.length) : name);
    }
  }
  const outside = own.length === 0 || (names.length === 1 && names[0] === 'root-driver');
  if (outside) return { key: '', name: '', role };
  const inLoop = role === 'driver' && names.at(-1)?.startsWith('iteration-') === true;
  const suffix = inLoop ? '' : round;
  return { key: `${own.join('.')}${suffix}`, name: `${own.at(-1)}${suffix}`, role };
}

/** A task whose name ends like that of a driver has a driver itself. */
function isDriver(name: string, isTask: (name: string) => boolean): boolean {
  return name.endsWith('-driver') && !isTask(name);
}

/** Whether a node of this name runs the program of a task, if it is no task itself. */
export function isExecutor(name: string): boolean {
  return executor.test(name);
}

/** Which attempt an executor is; undefined where it was not to be repeated. */
export function attemptOf(name: string): number | undefined {
  const found = executor.exec(name)?.[1];
  return found === undefined ? undefined : Number(found);
}
