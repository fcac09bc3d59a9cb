import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { appEvents, appPermissions, startTestWorld, type Got, type TestWorld } from './world.ts';

const at = '/repos/acme/auto-mpg/deployments';
let world: TestWorld;

beforeEach(async () => void (world = await startTestWorld()));
afterEach(() => world.close());

function deploy(fields: object = {}, token?: string): Promise<Got> {
  const plain = { ref: world.first, auto_merge: false, required_contexts: [] };
  return world.api('POST', at, { ...plain, ...fields }, token);
}

const say = (id: number, fields: object, token?: string): Promise<Got> =>
  world.api('POST', `${at}/${id}/statuses`, fields, token);

const statesOf = (): readonly string[] =>
  world.github
    .deployments(world.repository)
    .map(({ statuses }) => statuses.map(({ state }) => state).join(' '));

describe('deployments', () => {
  test('a new one — goes to production, has no status, and is told', async () => {
    const made = await deploy({ payload: { run: 7 } });
    const { id } = made.body;

    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({
        sha: world.first,
        task: 'deploy',
        environment: 'production',
        production_environment: true,
        payload: { run: 7 },
        creator: expect.objectContaining({ login: 'gate[bot]' }),
      }),
    ]);
    expect((await world.api('GET', `${at}/${id}/statuses`)).body).toEqual([]);
    await world.github.idle();
    const told = world.receiver.received.filter(({ headers }) => headers['x-github-event'] === 'deployment');
    expect(told.map(({ body }) => [body.action, body.deployment.id])).toEqual([['created', id]]);
  });

  test.each([
    ['of a commit that is not there', { ref: 'f'.repeat(40) }, 422],
    ['with a description of 141 characters', { description: 'x'.repeat(141) }, 422],
    ['with one of 140', { description: '€'.repeat(140) }, 201],
    ['with a payload that is a number', { payload: 7 }, 422],
    ['with a payload that is a text', { payload: '{"run":7}' }, 201],
    ['with contexts that are none', { required_contexts: [7] }, 422],
    ['without a ref', { ref: undefined }, 422],
  ])('%s — %i', async (_what, fields, status) => {
    expect((await deploy(fields)).status).toBe(status);
  });

  test('as GitHub does it unasked — every context of the commit must be green', async () => {
    const { dev } = world.people;
    const post = (state: string): Promise<Got> =>
      world.api('POST', `/repos/acme/auto-mpg/statuses/${world.first}`, { state, context: 'ci' }, dev.token);
    await post('pending');
    const refused = await deploy({ required_contexts: undefined });
    expect([refused.status, refused.body.message]).toEqual([
      409,
      `Conflict: Commit status checks failed for ${world.first}.`,
    ]);
    expect((await deploy()).status).toBe(201);
    await post('success');
    expect((await deploy({ required_contexts: undefined })).status).toBe(201);
    expect((await deploy({ required_contexts: ['ci', 'other'] })).status).toBe(409);
  });

  test('as GitHub does it unasked — the default branch is merged into the ref first, if it can be', async () => {
    const { github, repository } = world;
    await github.commit(repository, 'feature', { 'a.txt': 'a\n' }, 'A');
    await github.commit(repository, 'clash', { 'README.md': 'another\n' }, 'Clash');
    await github.commit(repository, 'main', { 'README.md': 'one\n' }, 'One');

    expect((await deploy({ ref: 'feature', auto_merge: true })).status).toBe(202);
    expect((await deploy({ ref: 'feature', auto_merge: true })).status).toBe(201);
    expect((await deploy({ ref: 'clash', auto_merge: true })).status).toBe(409);
    expect((await deploy({ ref: 'clash' })).status).toBe(201);
  });

  test('lists — newest first — by sha, environment and task', async () => {
    const next = await world.github.commit(world.repository, 'main', { 'a.txt': 'a\n' }, 'A');
    const ids: number[] = [];
    for (const fields of [{}, { environment: 'staging' }, { ref: next }, { task: 'deploy:migrations' }])
      ids.push((await deploy(fields)).body.id);
    const list = async (query: string): Promise<readonly number[]> =>
      (await world.api('GET', `${at}${query}`)).body.map((entry: { id: number }) => entry.id);

    expect(await list('')).toEqual(ids.toReversed());
    expect(await list(`?sha=${next}`)).toEqual([ids[2]]);
    expect(await list('?environment=production&task=deploy')).toEqual([ids[2], ids[0]]);
    expect(await list('?environment=none')).toEqual(ids.toReversed());
  });

  test.each([
    ['of an unknown state', { state: 'done' }, 422],
    ['without one', {}, 422],
    ['with a description of 141 characters', { state: 'success', description: 'x'.repeat(141) }, 422],
    ['with one of 140', { state: 'success', description: 'x'.repeat(140) }, 201],
  ])('a status %s — %i', async (_what, fields, status) => {
    const { body } = await deploy();
    expect((await say(body.id, fields)).status).toBe(status);
  });

  test('statuses — are listed newest first, and told but for inactive', async () => {
    const { body } = await deploy();
    await say(body.id, { state: 'in_progress', log_url: 'https://gate.example.com/1' });
    await say(body.id, { state: 'success', environment_url: 'https://auto-mpg.example.com' });
    await say(body.id, { state: 'inactive' });

    const listed = (await world.api('GET', `${at}/${body.id}/statuses`)).body;
    expect(listed.map((entry: { state: string }) => entry.state)).toEqual([
      'inactive',
      'success',
      'in_progress',
    ]);
    expect(listed[2]).toMatchObject({ log_url: 'https://gate.example.com/1', target_url: listed[2].log_url });
    await world.github.idle();
    const told = world.receiver.received.filter(
      ({ headers }) => headers['x-github-event'] === 'deployment_status',
    );
    expect(told.map(({ body }) => String(body.deployment_status.state)).toSorted()).toEqual([
      'in_progress',
      'success',
    ]);
  });

  test('a success — ends older ones of its environment, unless they are to production, or it is told not to', async () => {
    for (const [environment, auto_inactive] of [
      ['staging', true],
      ['staging', true],
      ['staging', false],
      ['production', true],
      ['production', true],
    ] as const) {
      const { body } = await deploy({ environment });
      await say(body.id, { state: 'success', auto_inactive });
    }

    expect(statesOf()).toEqual(['success inactive', 'success', 'success', 'success', 'success']);
  });

  test('who may — Apps with the permission, people who push; those who read look', async () => {
    const { dev, reader, stranger } = world.people;
    const { deployments: _taken, ...others } = appPermissions;
    const without = world.github.installationToken(world.installation, { permissions: others });
    const looking = async (token: string): Promise<number> =>
      (await world.api('GET', at, undefined, token)).status;

    expect((await deploy({}, without)).status).toBe(403);
    expect((await deploy({}, dev.token)).status).toBe(201);
    expect((await deploy({}, reader.token)).status).toBe(403);
    expect([await looking(reader.token), await looking(stranger.token)]).toEqual([200, 404]);
    expect((await world.api('GET', `${at}/1`)).status).toBe(404);
    expect(appEvents).toContain('deployment_status');
  });
});
