import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startReceiver, type WebhookReceiver } from '../receiver.ts';
import { startTestWorld, type Got, type TestWorld } from './world.ts';

const at = '/projects/ml%2Fauto-mpg';
let world: TestWorld;
let receiver: WebhookReceiver;

beforeEach(async () => {
  receiver = await startReceiver();
  world = await startTestWorld();
  world.gitlab.addHook(world.project, { url: receiver.url, events: ['deployment'] });
});
afterEach(async () => {
  await world.close();
  await receiver.close();
});

function deploy(fields: object = {}, token?: string): Promise<Got> {
  const whole = { environment: 'prod', sha: world.first, ref: 'main', tag: false, status: 'running' };
  return world.api('POST', `${at}/deployments`, { ...whole, ...fields }, token);
}

const put = (id: number, status: string, token?: string): Promise<Got> =>
  world.api('PUT', `${at}/deployments/${id}`, { status }, token);

describe('deployments', () => {
  test('the first — makes its environment, and is told by a hook', async () => {
    const made = await deploy();

    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({
        iid: 1,
        ref: 'main',
        sha: world.first,
        status: 'running',
        user: expect.objectContaining({ username: 'bot' }),
        environment: expect.objectContaining({ name: 'prod', external_url: null }),
      }),
    ]);
    await world.gitlab.idle();
    expect((await put(made.body.id, 'success')).body.status).toBe('success');
    expect((await world.api('GET', `${at}/environments`)).body).toMatchObject([{ name: 'prod' }]);
    await world.gitlab.idle();
    const told = receiver.received.map(({ headers, body }) => [headers['x-gitlab-event'], body]);
    expect(told).toEqual([
      ['Deployment Hook', expect.objectContaining({ object_kind: 'deployment', status: 'running' })],
      [
        'Deployment Hook',
        expect.objectContaining({
          status: 'success',
          deployment_id: made.body.id,
          environment: 'prod',
          short_sha: world.first.slice(0, 8),
          ref: 'main',
          project: expect.objectContaining({ path_with_namespace: 'ml/auto-mpg' }),
        }),
      ],
    ]);
  });

  test.each([
    ['running', 'running', 400],
    ['running', 'success', 200],
    ['running', 'failed', 200],
    ['running', 'canceled', 200],
    ['success', 'success', 400],
    ['success', 'running', 400],
    ['success', 'failed', 200],
    ['failed', 'success', 200],
    ['failed', 'running', 400],
    ['canceled', 'canceled', 400],
    ['running', 'created', 400],
  ])('from %s to %s — %i', async (from, to, status) => {
    const { body } = await deploy({ status: from });

    expect((await put(body.id, to)).status).toBe(status);
  });

  test.each([
    ['without a ref', { ref: undefined }, 400],
    ['without a status', { status: undefined }, 400],
    ['in a state that it has by itself', { status: 'created' }, 400],
    ['of a branch that is not there', { ref: 'none' }, 400],
    ['of a commit that is not there', { sha: 'f'.repeat(40) }, 400],
    ['to an environment of a name that is none', { environment: 'a:b' }, 400],
    ['to one with a slash', { environment: 'review/one' }, 201],
  ])('%s — %i', async (_what, fields, status) => {
    expect((await deploy(fields)).status).toBe(status);
  });

  test('what the environment has already — is answered with that', async () => {
    const made = await deploy({ status: 'success' });
    const again = await deploy({ status: 'success' }, world.users.dev.token);
    const another = await deploy({ status: 'running' });

    expect(again.body.id).toBe(made.body.id);
    expect(another.body.id).not.toBe(made.body.id);
  });

  test('lists — oldest first unless asked otherwise — by environment and state', async () => {
    const ids: number[] = [];
    for (const fields of [{}, { environment: 'staging' }, { status: 'failed' }])
      ids.push((await deploy(fields)).body.id);
    const list = async (query: string): Promise<readonly number[]> =>
      (await world.api('GET', `${at}/deployments${query}`)).body.map((entry: { id: number }) => entry.id);

    expect(await list('')).toEqual(ids);
    expect(await list('?environment=prod&order_by=id&sort=desc')).toEqual([ids[2], ids[0]]);
    expect(await list('?environment=prod&status=failed')).toEqual([ids[2]]);
    expect(await list('?environment=none')).toEqual([]);
  });

  test('who may — a developer, a reporter only looks, a stranger sees nothing', async () => {
    const { dev, reporter, stranger } = world.users;
    const { body } = await deploy({}, dev.token);
    const get = async (token: string): Promise<number> =>
      (await world.api('GET', `${at}/deployments/${body.id}`, undefined, token)).status;

    expect((await deploy({}, reporter.token)).status).toBe(403);
    expect((await put(body.id, 'success', reporter.token)).status).toBe(403);
    expect([await get(reporter.token), await get(stranger.token)]).toEqual([200, 404]);
  });

  test('a protected environment — is for those of its level', async () => {
    const { body } = await deploy();
    world.gitlab.protectEnvironment(world.project, 'prod', 40);

    expect((await deploy()).status).toBe(403);
    expect((await put(body.id, 'success')).status).toBe(403);
    expect((await deploy({ environment: 'staging' })).status).toBe(201);
    expect((await deploy({}, world.users.owner.token)).status).toBe(201);
  });
});

describe('environments', () => {
  test('are made, found by name, and given another link', async () => {
    const made = await world.api('POST', `${at}/environments`, { name: 'prod' });
    expect((await world.api('POST', `${at}/environments`, { name: 'prod' })).status).toBe(400);
    const external_url = 'https://auto-mpg.example.com';
    const put = await world.api('PUT', `${at}/environments/${made.body.id}`, { external_url });

    expect(put.body).toMatchObject({ name: 'prod', tier: 'production', external_url });
    expect((await world.api('GET', `${at}/environments?name=prod`)).body).toHaveLength(1);
    expect((await world.api('GET', `${at}/environments?name=pro`)).body).toEqual([]);
    expect((await world.api('GET', `${at}/environments/1`)).status).toBe(404);
  });
});
