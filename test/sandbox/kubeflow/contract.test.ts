import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadKfpContract, type KfpExchange } from '../../support/kfp-contract.ts';
import { small, smallPipeline, startKubeflow, type Got, type KubeflowWorld } from './world.ts';

const contract = loadKfpContract();
const base = '/apis/v2beta1';

function filter(key: string, value: string): string {
  return JSON.stringify({ predicates: [{ operation: 'EQUALS', key, string_value: value }] });
}

describe.skipIf(contract.kind === 'no contracts')(
  'the stand-in and the published API description (skipped without ../shared/contracts)',
  () => {
    let world: KubeflowWorld;
    const ids = { pipeline: '', version: '', experiment: '', run: '', old: '' };

    beforeAll(async () => {
      world = await startKubeflow();
      const reference = await world.reference(smallPipeline, 'auto-mpg');
      ids.pipeline = reference.pipeline_id;
      ids.version = reference.pipeline_version_id;
      ids.experiment = world.kubeflow.addExperiment('production').id;
      world.kubeflow.play('next', { tasks: [{ name: 'train', seconds: 1, outcome: 'FAILED' }] });
      ids.old = (await world.run()).body.run_id;
      await world.clock.advance(10_000);
      ids.run = (await world.run({ experiment_id: ids.experiment })).body.run_id;
      await world.clock.advance(10_000);
    });
    afterAll(() => world.close());

    function violations(
      got: Got,
      request: Pick<KfpExchange, 'method' | 'path' | 'query' | 'body'>,
    ): readonly string[] {
      if (contract.kind === 'no contracts') return [];
      const exchange = { ...request, status: got.status, answer: got.body };
      return [...contract.requestViolations(request), ...contract.answerViolations(exchange)];
    }

    /** In order: method, path, query, body; names in braces are ids. */
    const calls: readonly [string, string, Readonly<Record<string, string>>, object?][] = [
      ['GET', '/healthz', {}],
      ['GET', '/pipelines/names/auto-mpg', { namespace: 'ml' }],
      [
        'GET',
        '/pipelines',
        { page_size: '100', sort_by: 'created_at desc', filter: filter('name', 'auto-mpg') },
      ],
      ['GET', '/pipelines/{pipeline}', {}],
      [
        'GET',
        '/pipelines/{pipeline}/versions',
        { sort_by: 'created_at desc', filter: filter('name', 'auto-mpg') },
      ],
      ['GET', '/pipelines/{pipeline}/versions', { filter: filter('name', 'none') }],
      ['GET', '/pipelines/{pipeline}/versions/{version}', {}],
      ['GET', '/experiments', { namespace: 'ml', filter: filter('display_name', 'production') }],
      ['GET', '/experiments/{experiment}', {}],
      ['POST', '/experiments', {}, { display_name: 'another', description: 'x', namespace: 'ml' }],
      ['POST', '/runs', {}, runBody({ run_id: '6f0c1b7e-0000-5000-8000-000000000001' })],
      [
        'POST',
        '/runs',
        { experiment_id: 'x' },
        { display_name: 'x', pipeline_spec: small, runtime_config: { parameters: { trigger: 'x' } } },
      ],
      ['GET', '/runs/{run}', {}],
      ['GET', '/runs/{old}', {}],
      [
        'GET',
        '/runs',
        {
          experiment_id: '{experiment}',
          page_size: '10',
          sort_by: 'created_at desc',
          filter: filter('state', 'RUNNING'),
        },
      ],
      ['GET', '/runs', {}],
      ['POST', '/runs/{run}:terminate', {}],
      // Refusals.
      ['GET', '/pipelines/names/none', {}],
      ['GET', '/pipelines/none', {}],
      ['GET', '/pipelines/{pipeline}/versions/none', {}],
      ['GET', '/runs/none', {}],
      ['GET', '/runs', { sort_by: 'colour' }],
      ['POST', '/experiments', {}, { display_name: 'production' }],
      ['POST', '/runs', {}, runBody({ runtime_config: {} })],
      ['POST', '/runs', {}, runBody({ run_id: '6f0c1b7e-0000-5000-8000-000000000001' })],
      ['POST', '/runs/{old}:terminate', {}],
    ];
    test.each(calls)(
      '%s %s %j — keeps to the description, both ways',
      async (method, template, query, body) => {
        const fill = <T>(value: T): T =>
          JSON.parse(
            JSON.stringify(value).replaceAll(
              /\{(pipeline|version|experiment|run|old)\}/g,
              (_all, name: keyof typeof ids) => ids[name],
            ),
          );
        const [path, filled] = [fill(template), fill(query)];
        const payload = body && fill(body);

        const got = await world.api(method, `${path}?${new URLSearchParams(filled).toString()}`, payload);

        expect(violations(got, { method, path: `${base}${path}`, query: filled, body: payload })).toEqual([]);
      },
    );

    const uploads: readonly [
      'upload' | 'upload_version',
      string,
      Readonly<Record<string, string>>,
      number,
    ][] = [
      ['upload', smallPipeline, { name: 'cars', description: 'x', tags: '{"a":"b"}' }, 200],
      ['upload', smallPipeline, { name: 'cars' }, 409],
      ['upload', 'a: [', { name: 'bikes' }, 400],
      ['upload_version', smallPipeline, { pipelineid: 'own', name: 'two', tags: '{"a":"b"}' }, 200],
      ['upload_version', smallPipeline, { pipelineid: 'own', name: 'two' }, 409],
    ];
    test.each(uploads)('%s — %# — keeps to the description, both ways', async (path, text, query, status) => {
      const filled = query['pipelineid'] === undefined ? query : { ...query, pipelineid: ids.pipeline };

      const got = await world.upload(text, { path, query: filled });

      const request = { method: 'POST', path: `${base}/pipelines/${path}`, query: filled, body: text };
      expect([got.status, violations(got, request)]).toEqual([status, []]);
    });

    test('rows of tasks with parents — keep to the description', async () => {
      world.kubeflow.knobs.parentTaskIds = true;

      const got = await world.api('GET', `/runs/${ids.old}`);

      expect(got.body.run_details.task_details.length).toBeGreaterThan(3);
      expect(
        violations(got, { method: 'GET', path: `${base}/runs/${ids.old}`, query: {}, body: undefined }),
      ).toEqual([]);
    });

    function runBody(fields: object): object {
      return {
        display_name: 'production',
        description: 'main@1a2b3c',
        experiment_id: '{experiment}',
        pipeline_version_reference: { pipeline_id: '{pipeline}', pipeline_version_id: '{version}' },
        runtime_config: { parameters: { trigger: 'data', depth: 4 }, pipeline_root: 's3://runs/a' },
        service_account: 'trainer',
        ...fields,
      };
    }

    const wrong: readonly [string, Partial<KfpExchange>, RegExp][] = [
      ['an unknown operation', { path: `${base}/nonsense` }, /unknown operation/],
      ['an unknown query', { query: { pagesize: '1' } }, /query pagesize is unknown/],
      ['a page size in words', { query: { page_size: 'all' } }, /query page_size is no number/],
      [
        'an unknown field of a filter',
        { query: { filter: '{"predicates":[{"op":1}]}' } },
        /query filter\/predicates\/0\/op must NOT/,
      ],
      [
        'a percent sign in a filter',
        { query: { filter: '{"predicates":[{"key":"%"}]}' } },
        /unescaped twice/,
      ],
      ['a body where none is', { body: {} }, /body where none is known/],
      [
        'an unknown field of a run',
        { method: 'POST', body: { name: 'x' } },
        /body\/name must NOT have additional/,
      ],
      [
        'an unknown field inside',
        { method: 'POST', body: { runtime_config: { params: {} } } },
        /runtime_config\/params must NOT/,
      ],
      ['an unknown field of an answer', { answer: { items: [] } }, /answer 200\/items must NOT/],
      [
        'an unknown state',
        { answer: { runs: [{ state: 'DONE' }] } },
        /runs\/0\/state must be equal to one of/,
      ],
      [
        'a time in another form',
        { answer: { runs: [{ created_at: 'today' }] } },
        /runs\/0\/created_at must match format/,
      ],
    ];
    test.each(wrong)('%s — is noticed by the contract', (_name, change, expected) => {
      const right = {
        method: 'GET',
        path: `${base}/runs`,
        query: {},
        body: undefined,
        status: 200,
        answer: {},
      };
      const exchange = { ...right, ...change };

      expect(
        violations({ status: exchange.status, headers: new Headers(), body: exchange.answer }, exchange),
      ).toEqual([expect.stringMatching(expected)]);
    });
  },
);
