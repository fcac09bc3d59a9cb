import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { changed, small, smallPipeline, startKubeflow, type KubeflowWorld } from './world.ts';

const id = '5f0c1b7e-0000-5000-8000-000000000001';

describe('a new run', () => {
  let world: KubeflowWorld;

  beforeEach(async () => {
    world = await startKubeflow();
  });
  afterEach(() => world.close());

  test('with an id — created — has this id, is pending, and ended in 1970', async () => {
    const reference = await world.reference();

    const { status, body } = await world.run({
      run_id: id,
      description: 'main@1a2b3c',
      service_account: 'trainer',
      runtime_config: { parameters: { trigger: 'data' }, pipeline_root: 's3://runs/a' },
    });

    expect(status).toBe(200);
    expect(body).toEqual({
      run_id: id,
      display_name: 'production',
      description: 'main@1a2b3c',
      experiment_id: expect.any(String),
      storage_state: 'AVAILABLE',
      pipeline_version_reference: reference,
      runtime_config: { parameters: { trigger: 'data' }, pipeline_root: 's3://runs/a' },
      service_account: 'trainer',
      created_at: '2026-05-04T10:00:00Z',
      scheduled_at: '2026-05-04T10:00:00Z',
      finished_at: '1970-01-01T00:00:00Z',
      state: 'PENDING',
      state_history: [{ update_time: '2026-05-04T10:00:00Z', state: 'PENDING' }],
    });
    expect((await world.api('GET', `/runs/${id}`)).body).toEqual(body);
    expect(world.kubeflow.workflows()).toEqual([
      {
        name: expect.stringMatching(/^auto-mpg-[0-9a-f]{5}$/),
        namespace: 'kubeflow',
        labels: { 'pipeline/runid': id },
        createdAt: new Date('2026-05-04T10:00:00Z'),
      },
    ]);
  });

  test('at a server that makes its own ids — created — has another id', async () => {
    world.kubeflow.knobs.honoursRunId = false;

    const { body } = await world.run({ run_id: id });

    expect(body.run_id).not.toBe(id);
    expect((await world.api('GET', `/runs/${id}`)).status).toBe(404);
    const filter = JSON.stringify({
      predicates: [{ operation: 'EQUALS', key: 'display_name', string_value: 'production' }],
    });
    const found = await world.api(
      'GET',
      `/runs?experiment_id=${body.experiment_id}&filter=${encodeURIComponent(filter)}`,
    );
    expect(found.body.runs).toEqual([body]);
  });

  test('that is not there — asked for — is 404', async () => {
    expect(await world.api('GET', `/runs/${id}`)).toMatchObject({
      status: 404,
      body: { code: 5, details: [{ code: 5, message: `Run ${id} not found` }] },
    });
  });

  test('without a version — created — runs the newest of its pipeline', async () => {
    const { pipeline_id } = await world.reference();
    await world.upload(smallPipeline, {
      path: 'upload_version',
      query: { pipelineid: pipeline_id, name: 'two' },
    });

    const { body } = await world.run({ pipeline_version_reference: { pipeline_id } });

    const [, second] = world.kubeflow.versions();
    expect(body.pipeline_version_reference).toEqual({ pipeline_id, pipeline_version_id: second?.id });
  });

  test('with a specification — created — runs it, and shows it', async () => {
    const { body } = await world.api('POST', '/runs', {
      display_name: 'once',
      pipeline_spec: small,
      runtime_config: { parameters: { trigger: 'data' } },
    });

    expect(body).toMatchObject({ state: 'PENDING', pipeline_spec: { pipelineInfo: { name: 'auto-mpg' } } });
  });

  test('in the other spelling, with nulls — created — is taken', async () => {
    const { pipeline_id, pipeline_version_id } = await world.reference();

    const { status, body } = await world.api('POST', '/runs', {
      displayName: 'production',
      description: null,
      pipelineVersionReference: { pipelineId: pipeline_id, pipelineVersionId: pipeline_version_id },
      runtimeConfig: { parameters: { trigger: 'data' } },
    });

    expect({ status, name: body.display_name }).toEqual({ status: 200, name: 'production' });
  });

  const malformed: readonly [string, Readonly<Record<string, unknown>>, RegExp][] = [
    ['an unknown field', { name: 'x' }, /unknown field "name"/],
    ['an unknown field inside', { runtime_config: { params: {} } }, /unknown field "params"/],
    ['a field twice', { displayName: 'x' }, /duplicate field "displayName"/],
    ['a number for a text', { run_id: 7 }, /invalid value for field run_id: 7/],
    ['a wrong time', { created_at: 'now' }, /invalid value for field created_at/],
    ['two sources', { pipeline_spec: small }, /oneof is already set/],
  ];
  test.each(malformed)(
    '%s — is refused by the gateway, before anything is done',
    async (_name, fields, expected) => {
      const { status, body } = await world.run(fields);

      expect({ status, body }).toEqual({
        status: 400,
        body: { code: 3, message: expect.stringMatching(expected) },
      } satisfies { status: number; body: object });
      expect(world.kubeflow.workflows()).toEqual([]);
    },
  );

  test('plugins — at a server before 2.17 — are an unknown field', async () => {
    const old = await startKubeflow({ version: '2.16.0' });

    expect((await old.run({ plugins_input: {} })).status).toBe(400);
    expect((await world.run({ plugins_input: {} })).status).toBe(200);
    await old.close();
  });

  const refused: readonly [string, Readonly<Record<string, unknown>>, number, number, string][] = [
    [
      'a value is missing',
      { runtime_config: {} },
      400,
      3,
      'parameter trigger is not optional, yet has neither default value nor user provided value',
    ],
    [
      'a value is not asked for',
      parameters({ extra: 1 }),
      400,
      3,
      'parameter(s) provided are not required by pipeline: extra',
    ],
    [
      'a text is a number',
      parameters({ trigger: 1 }),
      400,
      3,
      'input parameter trigger requires type string, but the input parameter is not of string value type',
    ],
    [
      'a number is a text',
      parameters({ depth: '3' }),
      400,
      3,
      'input parameter depth requires type double or integer, but the parameter value is not of number value type',
    ],
    [
      'a flag is a text',
      parameters({ dry: 'no' }),
      400,
      3,
      'input parameter dry requires type bool, but the input parameter is not of bool value type',
    ],
    [
      'a list is a text',
      parameters({ columns: '[]' }),
      400,
      3,
      'input parameter columns requires type list, but the input parameter is not of list value type',
    ],
    [
      'a value is none of the literals',
      parameters({ mode: 'slow' }),
      400,
      3,
      'input parameter mode must be one of ["full","quick"], got "slow"',
    ],
    ['the experiment is unknown', { experiment_id: 'none' }, 404, 5, 'Experiment none not found'],
    [
      'the server is told what only it knows',
      { plugins_output: {} },
      409,
      10,
      'plugins_output is server-owned and populated exclusively via plugin lifecycle hooks',
    ],
    [
      'the version is unknown',
      { pipeline_version_reference: { pipeline_version_id: 'none' } },
      500,
      13,
      'Internal Server Error',
    ],
    ['the id is no label', { run_id: 'main 1a2b3c' }, 500, 13, 'Internal Server Error'],
    ['there is no name', { display_name: '' }, 500, 13, 'Internal Server Error'],
  ];
  test.each(refused)('%s — is refused', async (_name, fields, status, code, message) => {
    const got = await world.run(fields);

    expect(got.status).toBe(status);
    expect(got.body).toEqual({
      code,
      message: expect.any(String),
      details: [{ '@type': 'type.googleapis.com/google.rpc.Status', code, message }],
    });
    expect(world.kubeflow.workflows()).toEqual([]);
    expect(world.kubeflow.runs()).toEqual([]);
  });

  const tasks = small.root.dag.tasks;
  const broken: readonly [string, string, RegExp][] = [
    [
      'a component that does not exist',
      withTask('train', { componentRef: { name: 'comp-gone' } }),
      /Failed to compile job: error processing component name="root": cannot find component ref name="comp-gone"/,
    ],
    ['no component', withTask('train', {}), /component ref name is empty/],
    [
      'a producer that does not exist',
      withTask('train', {
        ...tasks.train,
        dependentTasks: [],
        inputs: { parameters: { a: { taskOutputParameter: { producerTask: 'gone' } } } },
      }),
      /unknown producer task "gone" in DAG/,
    ],
    [
      'a dependency that does not exist',
      withTask('train', { ...tasks.train, dependentTasks: ['gone'] }),
      /Failed to validate workflow for \(auto-mpg-\w+\): .*tasks\.train dependency 'gone' not defined/,
    ],
    [
      'a circle',
      withTask('prepare', { ...tasks.prepare, dependentTasks: ['evaluate'] }),
      /Failed to validate workflow for .*dependency cycle/,
    ],
    [
      'a circle further in',
      changed((pipeline) => {
        const again = { componentRef: { name: 'comp-prepare' }, dependentTasks: ['again'] };
        Object.assign(pipeline.components, { 'comp-train': { dag: { tasks: { again } } } });
      }),
      /Failed to validate workflow for .*templates\.comp-train dependency cycle/,
    ],
    [
      'an executor for a root',
      changed((pipeline) => void Object.assign(pipeline.root, { dag: null, executorLabel: 'exec' })),
      /Failed to validate workflow for .*template 'entrypoint' undefined/,
    ],
    [
      'an executor that does not exist',
      changed((pipeline) => void (pipeline.components['comp-train'].executorLabel = 'gone')),
      /executor\(label="gone"\) not found/,
    ],
    [
      'an iterator over artifacts',
      withTask('train', { ...tasks.train, artifactIterator: {} }),
      /artifact iterator not implemented yet/,
    ],
    [
      'a root that is no graph',
      changed((pipeline) => void Object.assign(pipeline.root, { dag: null })),
      /unknown component implementation/,
    ],
  ];
  test.each(broken)('of a pipeline with %s — is a 500 that will not pass', async (_name, text, expected) => {
    await world.reference(text);

    const { status, body } = await world.run();

    expect({ status, code: body.code }).toEqual({ status: 500, code: 13 });
    expect(body.message).toMatch(expected);
    expect(world.kubeflow.workflows()).toEqual([]);
  });

  test('with profiles — created — needs an experiment, and belongs to its namespace', async () => {
    const shared = await startKubeflow({ multiUser: true });
    const unnamed = await shared.upload(smallPipeline, { query: { name: 'auto-mpg' } });
    await shared.upload(smallPipeline, { query: { name: 'auto-mpg', namespace: 'ml' } });
    const experiment = shared.kubeflow.addExperiment('production', 'ml');

    const without = await shared.run();
    const { body } = await shared.run({ experiment_id: experiment.id });

    expect(unnamed).toMatchObject({ status: 400, body: 'Namespace cannot be empty in multi-user mode\n' });
    expect(without).toMatchObject({
      status: 400,
      body: { details: [{ message: 'Experiment id can not be empty in multi-user mode' }] },
    });
    expect(body).toMatchObject({ experiment_id: experiment.id, service_account: 'default-editor' });
    expect(shared.kubeflow.workflows()).toMatchObject([{ namespace: 'ml' }]);
    expect((await shared.api('GET', '/runs?namespace=ml')).body.total_size).toBe(1);
    expect((await shared.api('GET', '/runs?namespace=ops')).body).toEqual({});
    expect((await shared.api('GET', '/runs')).status).toBe(400);
    await shared.close();
  });
});

function parameters(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { runtime_config: { parameters: { trigger: 'data', ...values } } };
}

function withTask(name: 'prepare' | 'train', task: object): string {
  return changed((pipeline) => void (pipeline.root.dag.tasks[name] = task));
}

describe('between the Workflow object and the row', () => {
  const fields = { run_id: id };
  const labels = { 'pipeline/runid': id };

  test('a run whose row is late — created — answers nothing of use, and appears later', async () => {
    const world = await startKubeflow({ knobs: { rowAfterMs: 10_000 } });

    expect(await world.run(fields)).toMatchObject({ status: 504, body: 'upstream request timeout' });
    expect((await world.api('GET', `/runs/${id}`)).status).toBe(404);
    expect(world.kubeflow.workflows()).toMatchObject([{ labels }]);
    await world.clock.advance(10_000);

    expect((await world.api('GET', `/runs/${id}`)).body).toMatchObject({ run_id: id, state: 'RUNNING' });
    expect(world.kubeflow.workflows()).toHaveLength(1);
    await world.close();
  });

  test('a run — posted again meanwhile — has two Workflows, and one row', async () => {
    const world = await startKubeflow({ knobs: { rowAfterMs: 10_000 } });
    await world.run(fields);
    await world.clock.advance(5_000);
    await world.run(fields);
    await world.clock.advance(10_000);

    expect(world.kubeflow.workflows()).toMatchObject([{ labels }, { labels }]);
    expect(world.kubeflow.runs()).toMatchObject([{ runId: id }]);
    await world.close();
  });

  test('a run — posted again when its row is there — has two Workflows too, and the answer is 500', async () => {
    const world = await startKubeflow();
    await world.run(fields);

    const again = await world.run(fields);

    expect(again).toMatchObject({ status: 500, body: { code: 13 } });
    expect(again.body.message).toMatch(/Failed to store run production to table: .*Duplicate entry/);
    expect(world.kubeflow.workflows()).toMatchObject([{ labels }, { labels }]);
    expect(world.kubeflow.runs()).toHaveLength(1);
    await world.close();
  });

  test('a Workflow whose row never comes — is deleted after two minutes, and the run can be posted again', async () => {
    const world = await startKubeflow({ knobs: { rowAfterMs: 'never' } });

    expect((await world.run(fields)).status).toBe(504);
    await world.clock.advance(119_999);
    expect(world.kubeflow.workflows()).toHaveLength(1);
    await world.clock.advance(1);
    expect(world.kubeflow.workflows()).toEqual([]);
    expect((await world.api('GET', `/runs/${id}`)).status).toBe(404);
    world.kubeflow.knobs.rowAfterMs = 0;

    expect((await world.run(fields)).status).toBe(200);
    expect(world.kubeflow.workflows()).toHaveLength(1);
    await world.close();
  });

  test('a row that comes after its Workflow was deleted — stays pending; it cannot be terminated in peace', async () => {
    const world = await startKubeflow({ knobs: { rowAfterMs: 130_000 } });
    await world.run(fields);
    await world.clock.advance(3_600_000);

    expect((await world.api('GET', `/runs/${id}`)).body.state).toBe('PENDING');
    expect(world.kubeflow.workflows()).toEqual([]);
    expect((await world.api('POST', `/runs/${id}:terminate`)).status).toBe(500);
    expect((await world.api('GET', `/runs/${id}`)).body.state).toBe('CANCELING');
    await world.close();
  });
});
