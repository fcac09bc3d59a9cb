import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KubeflowFault } from '../../../src/sandbox/kubeflow/api/faults.ts';
import { smallPipeline, startKubeflow, type KubeflowWorld } from './world.ts';

describe('faults', () => {
  let world: KubeflowWorld;

  beforeEach(async () => {
    world = await startKubeflow();
    await world.reference();
  });
  afterEach(() => world.close());

  const creating = (request: { readonly method: string; readonly path: string }): boolean =>
    request.method === 'POST' && request.path === '/apis/v2beta1/runs';

  const refusals: readonly [KubeflowFault, number, unknown][] = [
    [{ kind: 'status', status: 409, message: 'busy' }, 409, { code: 10, message: 'BadRequestError: busy' }],
    [
      { kind: 'status', status: 500, message: 'no database' },
      500,
      { code: 13, message: 'InternalServerError: no database' },
    ],
    [
      { kind: 'status', status: 503, message: 'wait' },
      503,
      { code: 14, details: [{ code: 14, message: 'wait' }] },
    ],
    [{ kind: 'status', status: 429 }, 429, 'local_rate_limited'],
    [{ kind: 'status', status: 502 }, 502, expect.stringContaining('<html>')],
    [{ kind: 'status', status: 504 }, 504, 'upstream request timeout'],
    [{ kind: 'login', status: 200 }, 200, expect.stringContaining('Log in')],
    [{ kind: 'login', status: 302 }, 302, ''],
  ];
  test.each(refusals)('%j — is answered once, and nothing is done', async (fault, status, body) => {
    world.kubeflow.fail({ when: creating, fault, times: 1 });

    const got = await world.run();

    expect(got).toMatchObject({ status, body });
    expect(world.kubeflow.workflows()).toEqual([]);
    expect((await world.run()).status).toBe(200);
  });

  test('a lost answer — cut or behind a gateway — leaves what was done', async () => {
    world.kubeflow.fail({ when: creating, fault: { kind: 'lost' }, times: 1 });
    world.kubeflow.fail({ when: creating, fault: { kind: 'lost', answer: 'bad-gateway' }, times: 1 });

    await expect(world.run({ run_id: 'one' })).rejects.toThrow('fetch failed');
    expect((await world.run({ run_id: 'two' })).status).toBe(502);

    expect(world.kubeflow.runs()).toMatchObject([{ runId: 'one' }, { runId: 'two' }]);
    expect(world.kubeflow.requests.filter(creating).map((request) => request.status)).toEqual([0, 502]);
  });

  test('a cut connection — leaves nothing done', async () => {
    world.kubeflow.fail({ when: creating, fault: { kind: 'drop' }, times: 1 });

    await expect(world.run()).rejects.toThrow('fetch failed');

    expect(world.kubeflow.runs()).toEqual([]);
  });

  test('silence — lasts until the client gives up or the server is closed', async () => {
    world.kubeflow.fail({ when: () => true, fault: { kind: 'hang' } });

    const silent = world.api('GET', '/healthz').then(
      () => 'answered',
      () => 'cut',
    );
    await expect.poll(() => world.kubeflow.requests.at(-1)?.path).toBe('/apis/v2beta1/healthz');
    await world.kubeflow.close();

    expect(await silent).toBe('cut');
  });

  test('requests — are told with their bodies, until they are forgotten', async () => {
    world.kubeflow.forgetRequests();
    await world.upload(smallPipeline, { query: { name: 'cars' } });
    await world.api('POST', '/experiments', { display_name: 'a' });

    expect(world.kubeflow.requests).toMatchObject([
      {
        path: '/apis/v2beta1/pipelines/upload',
        query: { name: 'cars' },
        body: { uploadfile: 'pipeline.yaml', text: smallPipeline },
        status: 200,
      },
      { method: 'POST', path: '/apis/v2beta1/experiments', body: { display_name: 'a' }, status: 200 },
    ]);
  });

  test('the server — asked who it is — names its version', async () => {
    expect((await world.api('GET', '/healthz')).body).toMatchObject({
      tag_name: '2.17.0',
      multi_user: false,
    });
    expect(await world.api('GET', '/nonsense')).toMatchObject({
      status: 404,
      body: { code: 5, message: 'Not Found' },
    });
    expect(await world.api('DELETE', '/runs')).toMatchObject({ status: 501, body: { code: 12 } });
  });
});

describe('bearer tokens', () => {
  test('a request — without a token that counts now — is 401, an upload 400; health is open', async () => {
    const bearerTokens = new Set(['first']);
    const world = await startKubeflow({ bearerTokens });

    const without = await world.api('GET', '/runs');
    expect(without).toMatchObject({
      status: 401,
      body: { code: 16, details: [{ code: 16, message: expect.stringContaining('no user identity') }] },
    });
    expect((await world.api('GET', '/runs', undefined, 'first')).status).toBe(200);
    bearerTokens.clear();
    bearerTokens.add('second');
    expect((await world.api('GET', '/runs', undefined, 'first')).status).toBe(401);
    expect((await world.api('GET', '/runs', undefined, 'second')).status).toBe(200);
    expect(await world.upload(smallPipeline)).toMatchObject({
      status: 400,
      body: { error_message: expect.any(String) },
    });
    expect((await world.api('GET', '/healthz')).status).toBe(200);
    expect(world.kubeflow.pipelines()).toEqual([]);
    await world.close();
  });
});
