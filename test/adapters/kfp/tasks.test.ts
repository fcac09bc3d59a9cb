import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRows } from '../../../src/adapters/kfp/task-rows.ts';
import { foldTasks } from '../../../src/adapters/kfp/tasks.ts';
import type { RunState } from '../../../src/domain/training.ts';
import { argoRows, type ArgoNode } from './argo-rows.ts';

/** The nodes around all tasks. */
const around: readonly ArgoNode[] = [
  { at: '', next: ['root-driver'] },
  { at: 'root-driver', next: ['root'] },
];

/** A container task with its driver and executor. */
function container(at: string, from: number, state = 'SUCCEEDED', more: Partial<ArgoNode> = {}): ArgoNode[] {
  return [
    { at: `${at}-driver`, from, to: from + 1, next: [at] },
    { at, from: from + 1, to: from + 5, state, next: [`${at}.executor`] },
    { at: `${at}.executor`, from: from + 1, to: from + 5, state, ...more },
  ];
}

const inARow: readonly ArgoNode[] = [
  ...around,
  { at: 'root', next: ['root.prepare-driver'] },
  ...container('root.prepare', 10, 'SUCCEEDED', { next: ['root.train-driver'] }),
  ...container('root.train', 20, 'FAILED'),
];

function fold(nodes: readonly ArgoNode[], run: RunState = 'failed', options = {}) {
  return foldTasks(readRows(argoRows('auto-mpg-x7k2p', nodes, options)), run);
}

const time = (second: number): string => new Date(Date.UTC(2026, 4, 4, 10, 0, second)).toISOString();

describe('foldTasks', () => {
  test('two tasks in a row — as Argo links them — are two tasks with their executors as nodes', () => {
    expect(fold(inARow)).toEqual([
      {
        name: 'prepare',
        state: 'succeeded',
        started: time(10),
        finished: time(15),
        node: podOf('system-container-impl', 'root.prepare.executor'),
        logTail: [],
      },
      {
        name: 'train',
        state: 'failed',
        started: time(20),
        finished: time(25),
        node: podOf('system-container-impl', 'root.train.executor'),
        logTail: [],
      },
    ]);
  });

  test('rows with parents — instead of linked nodes — are the same tasks', () => {
    expect(fold(inARow, 'failed', { parents: true })).toEqual(fold(inARow));
  });

  test('rows with parents whose ids are no Argo ids — name the tasks and the child', () => {
    const tasks = fold(inARow, 'failed', { parents: true, opaque: true });

    expect(tasks.map(({ name, state }) => [name, state])).toEqual([
      ['prepare', 'succeeded'],
      ['train', 'failed'],
    ]);
    expect(tasks.map(({ node }) => node)).toEqual(['node:root.prepare.executor', 'node:root.train.executor']);
  });

  test('rows that say their pod — the pod — is the node', () => {
    const nodes = [
      ...around,
      { at: 'root', next: ['root.train-driver'] },
      ...container('root.train', 20, 'FAILED', { pod: 'train-pod' }),
    ];

    expect(fold(nodes).map(({ node }) => node)).toEqual(['train-pod']);
  });

  test('rows in any order — are the same tasks', () => {
    const rows = argoRows('auto-mpg-x7k2p', inARow, {});
    const wanted = foldTasks(readRows(rows), 'failed');

    fc.assert(
      fc.property(fc.shuffledSubarray([...rows], { minLength: rows.length }), (shuffled) => {
        expect(foldTasks(readRows(shuffled), 'failed')).toEqual(wanted);
      }),
    );
  });

  test('a driver fails — its task — failed there, with the driver for its node', () => {
    const nodes: readonly ArgoNode[] = [
      ...around,
      { at: 'root', next: ['root.a-driver', 'root.train-driver'], state: 'FAILED' },
      ...container('root.a', 10),
      { at: 'root.train-driver', from: 10, to: 12, state: 'FAILED', next: ['root.train'] },
      { at: 'root.train', state: '' },
    ];

    expect(fold(nodes)).toContainEqual({
      name: 'train',
      state: 'failed',
      started: time(10),
      finished: time(12),
      node: podOf('system-container-driver', 'root.train-driver'),
      logTail: [],
    });
    expect(fold(nodes)).toHaveLength(2);
  });

  test.each([
    ['has no word', '', 'failed', 'skipped'],
    ['has no word, and the run goes on', '', 'running', 'unknown'],
    ['was skipped', 'SKIPPED', 'succeeded', 'skipped'],
  ] as const)('a task %s — after a failure or a condition — is told so', (_title, state, run, wanted) => {
    const nodes: readonly ArgoNode[] = [
      ...around,
      { at: 'root', next: ['root.a-driver'] },
      ...container('root.a', 10, 'SUCCEEDED', { next: ['root.b-driver'] }),
      { at: 'root.b-driver', state, next: ['root.b'] },
      { at: 'root.b', state },
    ];
    const [, task] = fold(nodes, run);

    expect(task).toMatchObject({ name: 'b', state: wanted });
    expect(task?.node).toBeUndefined();
  });

  test('a cached task — its executor was skipped — is skipped and has no log', () => {
    const nodes: readonly ArgoNode[] = [
      ...around,
      { at: 'root', next: ['root.a-driver'] },
      { at: 'root.a-driver', from: 1, to: 2, next: ['root.a'] },
      { at: 'root.a', from: 2, to: 3, next: ['root.a.executor'] },
      { at: 'root.a.executor', from: 2, to: 2, state: 'SKIPPED' },
    ];

    expect(fold(nodes, 'succeeded')).toMatchObject([{ name: 'a', state: 'skipped', node: undefined }]);
  });

  test.each([
    ['pending', 'PENDING', 'pending'],
    ['at work', 'RUNNING', 'running'],
    ['done, its task not begun', 'SUCCEEDED', 'running'],
  ])('only a driver so far — %s — the task is as far', (_title, state, wanted) => {
    const nodes = [
      ...around,
      { at: 'root', next: ['root.a-driver'] },
      { at: 'root.a-driver', from: 1, to: 2, state },
    ];

    expect(fold(nodes, 'running')).toEqual([
      { name: 'a', state: wanted, started: time(1), finished: undefined, node: undefined, logTail: [] },
    ]);
  });

  test('repeated attempts — of one executor — the last one has the log', () => {
    const nodes: readonly ArgoNode[] = [
      ...around,
      { at: 'root', next: ['root.a-driver'] },
      { at: 'root.a-driver', from: 1, to: 2, next: ['root.a'] },
      { at: 'root.a', from: 2, to: 9, state: 'FAILED', next: ['root.a.executor'] },
      { at: 'root.a.executor', state: 'FAILED', next: ['root.a.executor(0)', 'root.a.executor(1)'] },
      { at: 'root.a.executor(0)', state: 'FAILED' },
      { at: 'root.a.executor(1)', state: 'FAILED' },
    ];

    expect(fold(nodes)).toMatchObject([
      { name: 'a', state: 'failed', node: podOf('system-container-impl', 'root.a.executor(1)') },
    ]);
  });

  test('a loop — its tasks — are told apart by their iteration, its own nodes are left out', () => {
    const round = (number: number): readonly ArgoNode[] => {
      const at = `root.for-loop-2.iteration-iterations(${number}:${number})`;
      return [
        { at, from: 3, next: [`${at}.iteration-item-driver`] },
        { at: `${at}.iteration-item-driver`, from: 3, to: 4, next: [`${at}.iteration-item`] },
        { at: `${at}.iteration-item`, from: 4, next: [`${at}.iteration-item.train-driver`] },
        ...container(`${at}.iteration-item.train`, 10 + number, number === 1 ? 'FAILED' : 'SUCCEEDED'),
      ];
    };
    const loop = 'root.for-loop-2';
    const nodes: readonly ArgoNode[] = [
      ...around,
      { at: 'root', next: [loop] },
      { at: loop, from: 2, to: 30, state: 'FAILED', next: [`${loop}.iteration-driver`] },
      { at: `${loop}.iteration-driver`, from: 2, to: 3, next: [`${loop}.iteration-iterations`] },
      {
        at: `${loop}.iteration-iterations`,
        from: 3,
        next: [`${loop}.iteration-iterations(0:0)`, `${loop}.iteration-iterations(1:1)`],
      },
      ...round(0),
      ...round(1),
    ];

    expect(fold(nodes).map(({ name, state }) => [name, state])).toEqual([
      ['for-loop-2', 'failed'],
      ['train(0:0)', 'succeeded'],
      ['train(1:1)', 'failed'],
    ]);
    expect(fold(nodes)[2]?.node).toBe(
      podOf('system-container-impl', `${loop}.iteration-iterations(1:1).iteration-item.train.executor`),
    );
  });

  test('a condition — around a task — is a task without a log', () => {
    const nodes: readonly ArgoNode[] = [
      ...around,
      { at: 'root', next: ['root.condition-1-driver'] },
      { at: 'root.condition-1-driver', from: 1, to: 2, next: ['root.condition-1'] },
      { at: 'root.condition-1', from: 2, to: 20, state: 'FAILED', next: ['root.condition-1.train-driver'] },
      ...container('root.condition-1.train', 5, 'FAILED'),
    ];

    expect(fold(nodes).map(({ name, node }) => [name, node !== undefined])).toEqual([
      ['condition-1', false],
      ['train', true],
    ]);
  });

  test('a task whose name ends like a driver — is a task', () => {
    const nodes = [
      ...around,
      { at: 'root', next: ['root.data-driver-driver'] },
      ...container('root.data-driver', 1),
    ];

    expect(fold(nodes, 'succeeded').map(({ name }) => name)).toEqual(['data-driver']);
  });

  test('a task called executor — is a task with an executor', () => {
    const nodes = [
      ...around,
      { at: 'root', next: ['root.executor-driver'] },
      ...container('root.executor', 1),
    ];

    expect(fold(nodes, 'succeeded')).toMatchObject([
      { name: 'executor', node: podOf('system-container-impl', 'root.executor.executor') },
    ]);
  });

  test('rows that are linked to nothing — keep their names', () => {
    const rows = ['auto-driver', 'auto', 'executor', 'root'].map((display_name) => ({
      display_name,
      state: 'RUNNING',
    }));

    expect(foldTasks(readRows(rows), 'running').map(({ name }) => name)).toEqual(['auto']);
  });

  test('any rows — are folded without an exception', () => {
    const name = fc.constantFrom(
      'root',
      'executor',
      'a',
      'a-driver',
      'iteration-item',
      'executor(0)',
      'w',
      '',
    );
    const id = fc.constantFrom('w', 'w-1', 'w-2', '1', '2', '');
    const row = fc.record(
      {
        task_id: id,
        display_name: name,
        state: fc.oneof(fc.constant('FAILED'), fc.anything()),
        parent_task_id: id,
        child_tasks: fc.oneof(fc.array(fc.record({ pod_name: id })), fc.anything()),
        start_time: fc.anything(),
      },
      { requiredKeys: [] },
    );

    fc.assert(
      fc.property(fc.array(fc.oneof(row, fc.anything())), (rows) => {
        for (const task of foldTasks(readRows(rows), 'failed')) expect(task.name).not.toBe('');
      }),
    );
  });
});

function podOf(template: string, at: string): string {
  const hash = argoRows('auto-mpg-x7k2p', [{ at: '', next: [at] }], {})[0]?.child_tasks[0]?.pod_name;
  return hash?.replace('auto-mpg-x7k2p-', `auto-mpg-x7k2p-${template}-`) ?? '';
}
