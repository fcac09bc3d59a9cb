import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunView } from '../../../src/sandbox/kubeflow/runs/view.ts';
import { startKubeflow, type KubeflowWorld } from './world.ts';

interface TaskRow {
  readonly task_id: string;
  readonly display_name: string;
  readonly state: string;
  readonly start_time: string;
  readonly end_time: string;
  readonly parent_task_id?: string;
  readonly child_tasks?: readonly { readonly pod_name: string }[];
}

const second = 1000;

describe('the life of a run', () => {
  let world: KubeflowWorld;

  beforeEach(async () => {
    world = await startKubeflow();
  });
  afterEach(() => world.close());

  async function start(): Promise<string> {
    return (await world.run()).body.run_id;
  }
  async function stateOf(run: string): Promise<string> {
    return (await world.api('GET', `/runs/${run}`)).body.state;
  }
  async function tasksOf(run: string): Promise<readonly TaskRow[]> {
    return (await world.api('GET', `/runs/${run}`)).body.run_details?.task_details ?? [];
  }
  const named = (rows: readonly TaskRow[], name: string): TaskRow =>
    rows.find((row) => row.display_name === name)!;
  const states = (rows: readonly TaskRow[]): Readonly<Record<string, string>> =>
    Object.fromEntries(
      rows
        .filter(({ display_name: name }) => !/^executor$|^auto-mpg-/.test(name))
        .map((row) => [row.display_name, row.state]),
    );

  test('without a script — a run — plays the tasks of its pipeline, ten seconds each', async () => {
    const run = await start();

    expect(await tasksOf(run)).toEqual([]);
    await world.clock.advance(2 * second);
    expect(await stateOf(run)).toBe('RUNNING');
    await world.clock.advance(15 * second);
    expect(states(await tasksOf(run))).toEqual({
      'root-driver': 'SUCCEEDED',
      root: 'RUNNING',
      'prepare-driver': 'SUCCEEDED',
      prepare: 'SUCCEEDED',
      'train-driver': 'SUCCEEDED',
      train: 'RUNNING',
    });
    await world.clock.advance(15 * second);

    const { body } = await world.api('GET', `/runs/${run}`);
    expect(body).toMatchObject({
      state: 'SUCCEEDED',
      finished_at: '2026-05-04T10:00:32Z',
      state_history: [
        { state: 'PENDING', update_time: '2026-05-04T10:00:00Z' },
        { state: 'RUNNING', update_time: '2026-05-04T10:00:02Z' },
        { state: 'SUCCEEDED', update_time: '2026-05-04T10:00:32Z' },
      ],
    });
  });

  test('rows of tasks — say when, link to node ids, and end in the year 1 until they end', async () => {
    const run = await start();
    await world.clock.advance(5 * second);

    const rows = await tasksOf(run);

    const [workflow] = world.kubeflow.workflows();
    const prepare = named(rows, 'prepare');
    expect(prepare).toEqual({
      run_id: run,
      task_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
      display_name: 'prepare',
      create_time: '2026-05-04T10:00:00Z',
      start_time: '2026-05-04T10:00:03Z',
      end_time: '0001-01-01T00:00:00Z',
      state: 'RUNNING',
      state_history: [{ state: 'RUNNING', update_time: '2026-05-04T10:00:03Z' }],
      child_tasks: [{ pod_name: expect.stringMatching(new RegExp(`^${workflow?.name}-\\d+$`)) }],
    });
    expect(named(rows, 'prepare-driver').end_time).toBe('2026-05-04T10:00:03Z');
    expect(rows.map((row) => row.display_name).toSorted()).toEqual([
      workflow?.name,
      'executor',
      'prepare',
      'prepare-driver',
      'root',
      'root-driver',
    ]);
    await world.clock.advance(5 * second);
    expect(named(await tasksOf(run), 'prepare').task_id).toBe(prepare.task_id);
  });

  test('rows of tasks — at a server that knows parents — name them', async () => {
    world.kubeflow.knobs.parentTaskIds = true;
    const run = await start();
    await world.clock.advance(5 * second);

    const rows = await tasksOf(run);

    const parentOf = (name: string): string | undefined => named(rows, name).parent_task_id;
    expect(parentOf('executor')).toBe(named(rows, 'prepare').task_id);
    expect(parentOf('prepare')).toBe(named(rows, 'root').task_id);
    expect(parentOf('prepare-driver')).toBe(named(rows, 'root').task_id);
  });

  test('reports — are late by what the knob says', async () => {
    world.kubeflow.knobs.reportLagMs = 5_000;
    const run = await start();

    await world.clock.advance(6_999);
    expect(await stateOf(run)).toBe('PENDING');
    await world.clock.advance(1);
    expect(await stateOf(run)).toBe('RUNNING');
    await world.clock.advance(29_999);
    expect(await stateOf(run)).toBe('RUNNING');
    await world.clock.advance(1);
    expect((await world.api('GET', `/runs/${run}`)).body).toMatchObject({
      state: 'SUCCEEDED',
      finished_at: '2026-05-04T10:00:32Z',
    });
  });

  test('a task that fails — ends the run, and its pod has a log', async () => {
    world.kubeflow.play('next', {
      tasks: [
        { name: 'prepare', seconds: 1 },
        { name: 'train', seconds: 3, outcome: 'FAILED', log: 'epoch 1\nValueError: no rows\n' },
        { name: 'evaluate', seconds: 1 },
      ],
    });
    const run = await start();
    await world.clock.advance(6 * second);

    const rows = await tasksOf(run);

    expect(await stateOf(run)).toBe('FAILED');
    expect(states(rows)).toMatchObject({ prepare: 'SUCCEEDED', train: 'FAILED', root: 'FAILED' });
    expect(rows.some((row) => row.display_name.startsWith('evaluate'))).toBe(false);
    const node = named(rows, 'train').child_tasks?.[0]?.pod_name ?? '';
    const pod = node.replace(/-(\d+)$/, '-system-container-impl-$1');
    const log = await world.api('GET', `/apis/v1alpha1/runs/${run}/nodes/${pod}/log`);
    expect(log).toMatchObject({ status: 200, body: 'epoch 1\nValueError: no rows\n' });
  });

  test('the log — of a node id, an unknown pod or run — is an error below a 200', async () => {
    const run = await start();
    await world.clock.advance(5 * second);
    const node = named(await tasksOf(run), 'prepare').child_tasks?.[0]?.pod_name ?? '';

    for (const path of [`${run}/nodes/${node}`, `${run}/nodes/x`, `x/nodes/${node}`]) {
      const got = await world.api('GET', `/apis/v1alpha1/runs/${path}/log`);
      expect(got.status).toBe(200);
      expect(JSON.parse(got.body)).toEqual({
        error_message: expect.stringMatching(/^Failed to read logs for run .* not found$/),
        error_details: expect.any(String),
      });
    }
    world.kubeflow.knobs.podNames = 'v1';
    const got = await world.api('GET', `/apis/v1alpha1/runs/${run}/nodes/${node}/log`);
    expect(got.body).toBe('prepare has nothing to say\n');
  });

  test('a cached task — succeeds without its executor', async () => {
    world.kubeflow.play('next', { tasks: [{ name: 'train', seconds: 1, outcome: 'CACHED' }] });
    const run = await start();
    await world.clock.advance(3 * second);

    const rows = await tasksOf(run);

    expect(await stateOf(run)).toBe('SUCCEEDED');
    expect(named(rows, 'train').state).toBe('SUCCEEDED');
    expect(named(rows, 'executor').state).toBe('SKIPPED');
  });

  test('tasks — may run side by side', async () => {
    world.kubeflow.play('next', {
      tasks: [
        { name: 'prepare', seconds: 1 },
        { name: 'train', seconds: 10, after: ['prepare'] },
        { name: 'check', seconds: 4, after: ['prepare'] },
      ],
    });
    const run = await start();
    await world.clock.advance(8 * second);

    expect(states(await tasksOf(run))).toMatchObject({ train: 'RUNNING', check: 'SUCCEEDED' });
    await world.clock.advance(5 * second);
    expect(await stateOf(run)).toBe('SUCCEEDED');
  });

  test('scripts — for a run, the next run, a pipeline, every run — count in this order', async () => {
    const failing = { outcome: 'FAILED', tasks: [] } as const;
    const canceled = { outcome: 'CANCELED', tasks: [] } as const;
    world.kubeflow.play('every', { outcome: 'SKIPPED', tasks: [] });
    world.kubeflow.play({ runId: 'known' }, canceled);
    world.kubeflow.play('next', failing);
    const ids = ['known', 'one', 'two', 'three'];
    for (const [index, run_id] of ids.entries()) {
      if (index === 3) world.kubeflow.play({ pipeline: 'auto-mpg' }, failing);
      await world.run({ run_id });
    }
    world.kubeflow.play({ runId: 'two' }, canceled);
    await world.clock.advance(2 * second);

    expect(await Promise.all(ids.map(stateOf))).toEqual(['CANCELED', 'FAILED', 'CANCELED', 'FAILED']);
  });

  test('a run that is posted again — keeps its script, and takes none of another', async () => {
    world.kubeflow.play('next', { outcome: 'FAILED', tasks: [] });
    world.kubeflow.knobs.rowAfterMs = 'never';
    await world.run({ run_id: 'one' });
    world.kubeflow.knobs.rowAfterMs = 0;
    world.kubeflow.play('next', { outcome: 'SKIPPED', tasks: [] });
    for (const run_id of ['one', 'one', 'two']) await world.run({ run_id });
    await world.clock.advance(2 * second);

    expect([await stateOf('one'), await stateOf('two')]).toEqual(['FAILED', 'SKIPPED']);
  });

  test('a run that never ends — goes on for days, until it is terminated', async () => {
    world.kubeflow.play('next', { never: true, terminateSeconds: 30 });
    const run = await start();
    await world.clock.advance(7 * 24 * 3600 * second);
    expect(await stateOf(run)).toBe('RUNNING');

    expect(await world.api('POST', `/runs/${run}:terminate`)).toMatchObject({ status: 200, body: {} });
    expect(await stateOf(run)).toBe('CANCELING');
    await world.clock.advance(30 * second);

    const { body } = await world.api('GET', `/runs/${run}`);
    expect(body).toMatchObject({ state: 'CANCELED', finished_at: '2026-05-11T10:00:30Z' });
    expect(body.state_history.map((entry: { state: string }) => entry.state)).toEqual([
      'PENDING',
      'RUNNING',
      'CANCELING',
      'CANCELED',
    ]);
  });

  test('a terminated run — where the phase of the Workflow is told — ends as failed', async () => {
    world.kubeflow.knobs.terminatedEndsAs = 'FAILED';
    const run = await start();
    await world.clock.advance(5 * second);
    await world.api('POST', `/runs/${run}:terminate`);
    await world.clock.advance(5 * second);

    expect(await stateOf(run)).toBe('FAILED');
    expect(states(await tasksOf(run))).toMatchObject({ prepare: 'FAILED' });
  });

  test('a run — terminated twice, when it has ended, or unknown — is refused', async () => {
    const one = await start();
    const other = await start();
    await world.api('POST', `/runs/${one}:terminate`);
    const refusal = (run: string): object => ({
      status: 400,
      body: { code: 3, details: [{ message: `Failed to terminate a run ${run}. Row not found` }] },
    });

    expect(await world.api('POST', `/runs/${one}:terminate`)).toMatchObject(refusal(one));
    await world.clock.advance(60 * second);
    expect(await world.api('POST', `/runs/${other}:terminate`)).toMatchObject(refusal(other));
    expect(await world.api('POST', '/runs/x:terminate')).toMatchObject({ status: 404 });
  });

  test('a run that ended before its termination was told — ends as it ended', async () => {
    world.kubeflow.knobs.reportLagMs = 5_000;
    const run = await start();
    await world.clock.advance(33 * second);
    await world.api('POST', `/runs/${run}:terminate`);
    expect(await stateOf(run)).toBe('CANCELING');
    await world.clock.advance(5 * second);

    expect(await stateOf(run)).toBe('SUCCEEDED');
  });

  test('what a script does at the end — is done once, before the end is answered', async () => {
    const ended: RunView[] = [];
    let isWritten = false;
    world.kubeflow.play('next', {
      tasks: [{ name: 'train', seconds: 1 }],
      async atEnd(run) {
        ended.push(run);
        await new Promise(setImmediate);
        isWritten = true;
      },
    });
    const run = await start();
    await world.clock.advance(2 * second);
    expect([await stateOf(run), isWritten]).toEqual(['RUNNING', false]);
    await world.clock.advance(1 * second);

    const answers = await Promise.all([stateOf(run), stateOf(run)]);

    expect([answers, isWritten]).toEqual([['SUCCEEDED', 'SUCCEEDED'], true]);
    await world.api('GET', '/runs');
    await world.kubeflow.settle();
    expect(ended).toMatchObject([
      { runId: run, state: 'SUCCEEDED', pipeline: 'auto-mpg', parameters: { trigger: 'data' } },
    ]);
  });

  test('what a script does at the end — when it fails — is not done again, and everybody hears of it', async () => {
    let tries = 0;
    world.kubeflow.play('next', {
      tasks: [],
      atEnd() {
        tries += 1;
        throw new Error('no bucket');
      },
    });
    const run = await start();
    await world.clock.advance(10 * second);

    const got = await world.api('GET', `/runs/${run}`);

    expect(got).toMatchObject({ status: 500, body: { message: 'sandbox: Error: no bucket' } });
    await expect(world.kubeflow.settle()).rejects.toThrow('no bucket');
    expect(tries).toBe(1);
  });

  test('settle — does it without a request, for runs that have ended', async () => {
    const ended: string[] = [];
    world.kubeflow.play('every', {
      tasks: [{ name: 'train', seconds: 1 }],
      atEnd: (run) => void ended.push(run.state),
    });
    await start();
    await world.kubeflow.settle();
    expect(ended).toEqual([]);
    await world.clock.advance(10 * second);

    await world.kubeflow.settle();
    await world.kubeflow.settle();

    expect(ended).toEqual(['SUCCEEDED']);
  });

  test('lists — show states as they are now, and filter on them', async () => {
    world.kubeflow.play('next', { never: true });
    const [one, other] = [await start(), await start()];
    await world.clock.advance(60 * second);
    const filter = (state: string): string =>
      encodeURIComponent(
        JSON.stringify({ predicates: [{ operation: 'EQUALS', key: 'state', string_value: state }] }),
      );

    const running = await world.api('GET', `/runs?filter=${filter('RUNNING')}`);
    const over = await world.api('GET', `/runs?filter=${filter('SUCCEEDED')}`);

    expect(running.body.runs).toMatchObject([{ run_id: one }]);
    expect(over.body.runs).toMatchObject([{ run_id: other }]);
  });
});
