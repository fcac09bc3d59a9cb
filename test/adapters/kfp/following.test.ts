import { afterEach, describe, expect, test } from 'vitest';
import { createKfpPipelines } from '../../../src/adapters/kfp/index.ts';
import { RetryableError } from '../../../src/errors.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import type { NewRun } from '../../../src/ports/pipelines.ts';
import type { KubeflowConfig } from '../../../src/sandbox/kubeflow/config.ts';
import { createKubeflowSandbox } from '../../../src/sandbox/kubeflow/sandbox.ts';
import { twoTasks } from '../../contracts/two-tasks.ts';
import { createHandClock } from '../../support/hand-clock.ts';

const signal = new AbortController().signal;
const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A server on a clock that is moved by hand, with a version and an experiment; `run` is what to ask for. */
async function start(config: Partial<KubeflowConfig> = {}) {
  const clock = createHandClock();
  const kubeflow = await createKubeflowSandbox({
    now: () => clock.now(),
    ...config,
    knobs: { reportLagMs: 0, ...config.knobs },
  });
  const dispatchers = createDispatchers();
  closers.push(
    () => dispatchers.close(),
    () => kubeflow.close(),
  );
  const pipelines = createKfpPipelines(
    { environment: 'prod', url: kubeflow.url, namespace: 'ml' },
    { clock, dispatchers },
  );
  const names = { pipeline: 'auto-mpg', version: 'v1' };
  await pipelines.uploadVersion({ ...names, description: '', yaml: twoTasks('auto-mpg') }, signal);
  const version = await pipelines.findVersion('auto-mpg', 'v1', signal);
  const run: NewRun = {
    runId: '7a9d1f6e-0000-4000-8000-000000000000',
    name: 'auto-mpg 1a2b3c4',
    description: '',
    experimentId: await pipelines.experiment('auto-mpg', signal),
    version: version ?? { pipelineId: '', versionId: '' },
    parameters: { learning_rate: 0.1 },
  };
  kubeflow.forgetRequests();
  const posts = () =>
    kubeflow.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/runs'));
  return { kubeflow, clock, pipelines, run, posts };
}

describe('following a run', () => {
  test.each([
    ['rows as Argo links them, pods named by template', {}],
    ['rows with parents', { parentTaskIds: true }],
    ['pods named by node', { podNames: 'v1' }],
  ] as const)(
    '%s — from the beginning to a failure — its tasks and the log of the failed one are told',
    async (_title, knobs) => {
      const { kubeflow, clock, pipelines, run } = await start({ knobs });
      const log = Array.from({ length: 100 }, (_, line) => `epoch ${line}\n`).join('');
      kubeflow.play('next', {
        tasks: [
          { name: 'prepare', seconds: 10, log: 'prepared\n' },
          { name: 'train', seconds: 20, outcome: 'FAILED', log: `${log}out of memory\n` },
        ],
      });
      await pipelines.createRun(run, signal);
      const states = async () => {
        const found = await pipelines.findRun(run, signal);
        return [found?.state, ...(found?.tasks ?? []).map(({ name, state }) => `${name} ${state}`)];
      };

      expect(await states()).toEqual(['pending']);
      await clock.advance(5000);
      expect(await states()).toEqual(['running', 'prepare running']);
      await clock.advance(10_000);
      expect(await states()).toEqual(['running', 'prepare succeeded', 'train running']);
      await clock.advance(60_000);
      expect(await states()).toEqual(['failed', 'prepare succeeded', 'train failed']);
      const [prepare, train] = (await pipelines.findRun(run, signal))?.tasks ?? [];
      expect(await pipelines.logTail(run.runId, train?.node ?? '', 2, signal)).toEqual([
        'epoch 99',
        'out of memory',
      ]);
      expect(await pipelines.logTail(run.runId, prepare?.node ?? '', 2, signal)).toEqual(['prepared']);
      expect(train).toMatchObject({
        started: '2026-05-04T10:00:12.000Z',
        finished: '2026-05-04T10:00:32.000Z',
      });
    },
  );

  test('tasks beside each other — one of them cached — are all told', async () => {
    const { kubeflow, clock, pipelines, run } = await start({ knobs: { parentTaskIds: true } });
    kubeflow.play('next', {
      tasks: [
        { name: 'prepare', seconds: 10, outcome: 'CACHED' },
        { name: 'train', seconds: 20, after: ['prepare'] },
        { name: 'evaluate', seconds: 5, after: ['prepare'] },
      ],
    });
    await pipelines.createRun(run, signal);
    await clock.advance(60_000);
    const found = await pipelines.findRun(run, signal);

    expect(found).toMatchObject({ state: 'succeeded', finished: expect.any(String) });
    expect(found?.tasks.map(({ name, state, node }) => [name, state, node === undefined]).toSorted()).toEqual(
      [
        ['evaluate', 'succeeded', false],
        ['prepare', 'skipped', true],
        ['train', 'succeeded', false],
      ],
    );
  });

  test('a run that never ends — terminated — is over', async () => {
    const { kubeflow, clock, pipelines, run } = await start();
    kubeflow.play('next', { never: true });
    await pipelines.createRun(run, signal);
    await clock.advance(60_000);
    await pipelines.terminate(run.runId, signal);

    expect(await pipelines.findRun(run, signal)).toMatchObject({ state: 'canceling', finished: undefined });
    await clock.advance(60_000);
    expect(await pipelines.findRun(run, signal)).toMatchObject({ state: 'canceled' });
    await pipelines.terminate(run.runId, signal);
  });
});

describe('asking for a run', () => {
  test.each(['drop', 'bad-gateway'] as const)(
    'the answer is lost by %s — asked for once — the run is found',
    async (answer) => {
      const { kubeflow, pipelines, run, posts } = await start();
      kubeflow.fail({
        when: ({ path }) => path.endsWith('/runs'),
        fault: { kind: 'lost', answer },
        times: 1,
      });

      await expect(pipelines.createRun(run, signal)).rejects.toBeInstanceOf(RetryableError);
      expect(posts()).toHaveLength(1);
      expect(await pipelines.findRun(run, signal)).toMatchObject({ id: run.runId });
    },
  );

  test('the row is later than the workflow — the run is not found at first, then it is', async () => {
    const { kubeflow, clock, pipelines, run, posts } = await start({ knobs: { rowAfterMs: 20_000 } });

    await expect(pipelines.createRun(run, signal)).rejects.toBeInstanceOf(RetryableError);
    expect(await pipelines.findRun(run, signal)).toBeUndefined();
    expect(kubeflow.workflows()).toHaveLength(1);
    await clock.advance(20_000);
    expect(await pipelines.findRun(run, signal)).toMatchObject({ id: run.runId });
    expect(posts()).toHaveLength(1);
  });

  test.each([429, 500, 502, 503, 504] as const)('%i — may pass — and nothing was done', async (status) => {
    const { kubeflow, pipelines, run, posts } = await start();
    kubeflow.fail({
      when: ({ path }) => path.endsWith('/runs'),
      fault: { kind: 'status', status },
      times: 1,
    });

    await expect(pipelines.createRun(run, signal)).rejects.toBeInstanceOf(RetryableError);
    expect(posts()).toHaveLength(1);
    expect(await pipelines.findRun(run, signal)).toBeUndefined();
  });

  test.each([200, 302] as const)('a login page by %i — says that we are not let in', async (status) => {
    const { kubeflow, pipelines, run } = await start();
    kubeflow.fail({ when: () => true, fault: { kind: 'login', status } });

    await expect(pipelines.findRun(run, signal)).rejects.toMatchObject({ code: 'kubeflow-unauthorised' });
  });
});
