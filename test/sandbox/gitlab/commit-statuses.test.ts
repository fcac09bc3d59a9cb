import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startTestWorld, type Got, type TestWorld } from './world.ts';

let world: TestWorld;
let head: string;

beforeEach(async () => {
  world = await startTestWorld();
  head = await world.gitlab.commit(world.project, 'feature', { 'data.dvc': 'x' }, 'Data');
});
afterEach(() => world.close());

function post(sha: string, body: Readonly<Record<string, unknown>>, token?: string): Promise<Got> {
  return world.api('POST', `/projects/ml%2Fauto-mpg/statuses/${sha}`, body, token);
}

async function list(sha: string, query = ''): Promise<readonly string[]> {
  const { body } = await world.api(
    'GET',
    `/projects/${world.project.id}/repository/commits/${sha}/statuses${query}`,
  );
  return body.map((status: { name: string; status: string }) => `${status.name} ${status.status}`);
}

describe('posting', () => {
  test('the first status makes an external pipeline on the first branch that holds the commit', async () => {
    const { status, body } = await post(head, {
      state: 'running',
      name: 'gate',
      description: 'd',
      target_url: 'https://x/1',
    });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      sha: head,
      ref: 'feature',
      status: 'running',
      name: 'gate',
      allow_failure: false,
      target_url: 'https://x/1',
    });
    expect(world.project.pipelines).toMatchObject([
      { id: body.pipeline_id, source: 'external', status: 'running', ref: 'feature' },
    ]);
  });

  test('the same user continues an unfinished status, and a finished one is hidden by a new job', async () => {
    const ids: number[] = [];
    for (const state of ['pending', 'running', 'success', 'running', 'failed']) {
      ids.push((await post(head, { state, name: 'gate' })).body.id);
    }
    expect([ids[0] === ids[2], ids[2] === ids[3], ids[3] === ids[4]]).toEqual([true, false, true]);
    expect(await list(head)).toEqual(['gate failed']);
    expect(await list(head, '?all=true')).toEqual(['gate success', 'gate failed']);
    expect(world.project.pipelines).toHaveLength(1);
  });

  test.each([
    ['running', 'running', ':run from :running'],
    ['pending', 'pending', ':enqueue from :pending'],
    ['running', 'pending', ':enqueue from :running'],
    ['running', 'skipped', ':skip from :running'],
  ])('%s, then %s: 400', async (one, two, message) => {
    await post(head, { state: one, name: 'gate' });
    const { status, body } = await post(head, { state: two, name: 'gate' });
    expect([status, body.message]).toEqual([
      400,
      expect.stringContaining(`Cannot transition status via ${message}`),
    ]);
  });

  test('a newer version accepts the repetition, with a new description', async () => {
    world.gitlab.knobs.idempotentStatuses = true;
    await post(head, { state: 'running', name: 'gate', description: 'one' });
    const { status, body } = await post(head, { state: 'running', name: 'gate', description: 'two' });
    expect([status, body.description]).toEqual([201, 'two']);
    expect((await post(head, { state: 'pending', name: 'gate' })).status).toBe(400);
  });

  test('another user gets a job of their own; the first one’s stays as it was', async () => {
    await post(head, { state: 'running', name: 'gate' });
    await post(head, { state: 'success', name: 'gate' }, world.users.owner.token);
    expect(
      world.gitlab
        .statuses(world.project, head)
        .map((entry) => [entry.user.username, entry.status, entry.retried]),
    ).toEqual([
      ['bot', 'running', true],
      ['owner', 'success', false],
    ]);
  });

  test('name, else context, else default', async () => {
    await post(head, { state: 'success', name: 'n', context: 'c' });
    await post(head, { state: 'success', context: 'c' });
    await post(head, { state: 'success' });
    expect(await list(head)).toEqual(['n success', 'c success', 'default success']);
    expect(await list(head, '?name=c')).toEqual(['c success']);
  });
});

describe('which pipeline', () => {
  test('the newest of the commit; with ref or pipeline_id the one named', async () => {
    const { gitlab, project } = world;
    const common = { project, sha: head, ciStatus: 'success' } as const;
    const branch = await gitlab.createPipeline({ ...common, ref: 'feature', source: 'push' });
    const ofRequest = await gitlab.createPipeline({
      ...common,
      ref: 'refs/merge-requests/1/head',
      source: 'merge_request_event',
    });
    expect((await post(head, { state: 'running', name: 'a' })).body).toMatchObject({
      pipeline_id: ofRequest.id,
      ref: 'refs/merge-requests/1/head',
    });
    expect((await post(head, { state: 'running', name: 'b', ref: 'feature' })).body).toMatchObject({
      pipeline_id: branch.id,
      ref: 'feature',
    });
    expect((await post(head, { state: 'running', name: 'c', pipeline_id: branch.id })).body).toMatchObject({
      pipeline_id: branch.id,
    });
    expect(
      (await post(head, { state: 'running', name: 'd', pipeline_id: ofRequest.id, ref: 'feature' })).status,
    ).toBe(404);
    expect([branch.status, ofRequest.status]).toEqual(['running', 'running']);
  });

  test('a full pipeline: 422 when it was named, a new one when it was not', async () => {
    world.gitlab.knobs.maxJobsPerPipeline = 1;
    const { body } = await post(head, { state: 'success', name: 'a' });
    expect((await post(head, { state: 'success', name: 'b', pipeline_id: body.pipeline_id })).status).toBe(
      422,
    );
    expect((await post(head, { state: 'success', name: 'b' })).body.pipeline_id).not.toBe(body.pipeline_id);
  });
});

test('a description of as many characters as fit — is taken, whatever they weigh', async () => {
  const { status, body } = await post(head, { state: 'failed', description: '😀'.repeat(255) });
  expect([status, body.status]).toEqual([201, 'failed']);
});

describe('refusals', () => {
  test.each([
    [{ state: 'cancelled' }, 400, 'state does not have a valid value'],
    [{}, 400, 'state is missing'],
    [{ state: 'failed', description: 'x'.repeat(256) }, 400, 'too long'],
    [{ state: 'failed', description: '😀'.repeat(256) }, 400, 'too long'],
    [{ state: 'failed', target_url: 'ftp://x' }, 400, 'blocked'],
    [{ state: 'failed', pipeline_id: 1 }, 404, 'Pipeline'],
  ])('%o: %i', async (body, status, message) => {
    const got = await post(head, body);
    expect([got.status, JSON.stringify(got.body)]).toEqual([status, expect.stringContaining(message)]);
  });

  test('no such commit, or a commit in no branch: 404', async () => {
    expect((await post('f'.repeat(40), { state: 'success' })).body).toEqual({
      message: '404 Commit Not Found',
    });
    await world.gitlab.push(world.project, 'refs/heads/feature', undefined);
    expect((await post(head, { state: 'success' })).body).toEqual({
      message: '404 References for commit Not Found',
    });
  });

  test('a fork’s head is in the target project, but in none of its branches: 404 there, 201 in the fork', async () => {
    const { gitlab, project, users } = world;
    const fork = await gitlab.fork(project, { path: 'stranger/auto-mpg', owner: 'stranger' });
    const sha = await gitlab.commit(fork, 'patch', { 'data.dvc': 'y' }, 'Patch');
    await gitlab.openMergeRequest(project, { sourceProject: fork, source: 'patch', as: 'stranger' });
    expect((await post(sha, { state: 'success' })).body).toEqual({
      message: '404 References for commit Not Found',
    });
    const path = `/projects/stranger%2Fauto-mpg/statuses/${sha}`;
    expect((await world.api('POST', path, { state: 'success' })).status).toBe(404);
    expect((await world.api('POST', path, { state: 'success' }, users.stranger.token)).status).toBe(201);
  });

  test.each([
    ['reporter', 403],
    ['stranger', 404],
  ] as const)('%s: %i', async (who, status) => {
    expect((await post(head, { state: 'success' }, world.users[who].token)).status).toBe(status);
  });

  test('a protected branch needs the right to push to it', async () => {
    expect((await post(world.first, { state: 'success', ref: 'main' })).status).toBe(403);
    expect((await post(world.first, { state: 'success', ref: 'main' }, world.users.owner.token)).status).toBe(
      201,
    );
  });

  test('while somebody else writes to the commit: 409, then 201', async () => {
    const release = world.gitlab.holdStatuses(world.project, head);
    expect((await post(head, { state: 'success' })).status).toBe(409);
    release();
    expect((await post(head, { state: 'success' })).status).toBe(201);
  });
});
