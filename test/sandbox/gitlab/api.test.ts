import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ApiRequest } from '../../../src/sandbox/gitlab/api/faults.ts';
import { loadGitlabContract } from '../../support/gitlab-contract.ts';
import { startTestWorld, type TestWorld } from './world.ts';

let world: TestWorld;
beforeEach(async () => void (world = await startTestWorld()));
afterEach(() => world.close());

describe('who may see what', () => {
  const cases: readonly [string, string, keyof TestWorld['users'] | undefined, number][] = [
    ['GET', '/user', 'bot', 200],
    ['GET', '/user', undefined, 401],
    ['GET', '/version', 'bot', 200],
    ['GET', '/metadata', 'bot', 200],
    ['GET', '/personal_access_tokens/self', 'bot', 200],
    ['GET', '/projects/ml%2Fauto-mpg', 'reporter', 200],
    ['GET', '/projects/ml%2Fauto-mpg', 'stranger', 404],
    ['GET', '/projects/ml%2Fauto-mpg', undefined, 404],
    ['GET', '/projects/ml/auto-mpg', 'bot', 404],
    ['GET', '/projects/ml%2Fauto-mpg/hooks', 'bot', 403],
    ['GET', '/projects/ml%2Fauto-mpg/hooks', 'owner', 200],
    ['GET', '/projects/ml%2Fauto-mpg/repository/branches/main', 'bot', 200],
    ['GET', '/projects/ml%2Fauto-mpg/repository/branches/none', 'bot', 404],
    ['GET', '/projects/ml%2Fauto-mpg/merge_requests/1', 'bot', 404],
    ['GET', '/projects/ml%2Fauto-mpg/repository/commits/main', 'bot', 200],
    ['GET', '/projects/ml%2Fauto-mpg/protected_branches', 'bot', 200],
    ['GET', '/nonsense', 'bot', 404],
    ['DELETE', '/user', 'bot', 405],
    ['POST', '/projects/ml%2Fauto-mpg/statuses/main', undefined, 401],
  ];
  test.each(cases)('%s %s as %s: %i', async (method, path, who, status) => {
    const headers: Record<string, string> =
      who === undefined ? {} : { authorization: `Bearer ${world.users[who].token}` };
    const response = await fetch(`${world.gitlab.url}/api/v4${path}`, { method, headers });
    expect(response.status).toBe(status);
  });

  test('a wrong or revoked token: 401; a token of a smaller scope: 403', async () => {
    expect((await world.api('GET', '/user', undefined, 'glpat-wrong')).body).toEqual({
      message: '401 Unauthorized',
    });
    const small = world.gitlab.addToken('bot', { scopes: ['read_api'] });
    expect((await world.api('GET', '/user', undefined, small)).body).toMatchObject({
      username: 'bot',
      bot: true,
    });
    const refused = await world.api(
      'POST',
      `/projects/ml%2Fauto-mpg/statuses/${world.first}`,
      { state: 'success' },
      small,
    );
    expect([refused.status, refused.body.error]).toEqual([403, 'insufficient_scope']);
    world.gitlab.revokeToken(small);
    expect((await world.api('GET', '/user', undefined, small)).status).toBe(401);
  });

  test('a blocked user: still a member, and refused', async () => {
    const { project, users } = world;
    world.gitlab.blockUser('reporter');
    const { body } = await world.api('GET', `/projects/${project.id}/members/all/${users.reporter.id}`);
    expect(body).toMatchObject({ access_level: 20, state: 'blocked' });
    expect((await world.api('GET', '/user', undefined, users.reporter.token)).status).toBe(403);
  });

  test('members: level and id, 404 for others', async () => {
    const { project, users } = world;
    const path = `/projects/${project.id}/members/all`;
    expect((await world.api('GET', `${path}/${users.dev.id}`)).body).toMatchObject({
      id: users.dev.id,
      access_level: 30,
    });
    expect((await world.api('GET', `${path}/${users.stranger.id}`)).status).toBe(404);
    expect((await world.api('GET', path)).body).toHaveLength(4);
  });
});

describe('merge requests', () => {
  test('are listed in pages, newest first', async () => {
    const { gitlab, project } = world;
    for (let index = 1; index <= 5; index += 1) {
      await gitlab.commit(project, `b${index}`, { a: String(index) }, 'x');
      await gitlab.openMergeRequest(project, { source: `b${index}` });
    }
    await gitlab.closeMergeRequest(project.mergeRequests[1]!);
    const path = `/projects/${project.id}/merge_requests?state=opened&order_by=created_at&per_page=3`;
    const one = await world.api('GET', path);
    const two = await world.api('GET', `${path}&page=2`);
    const iids = [...one.body, ...two.body].map((entry: { iid: number }) => entry.iid);
    expect(iids).toEqual([5, 4, 3, 1]);
    expect(one.headers.get('x-next-page')).toBe('2');
    expect(two.headers.get('x-next-page')).toBe('');
    expect(one.headers.get('link')).toContain(`per_page=3&page=2>; rel="next"`);
    expect((await world.api('GET', `/projects/${project.id}/merge_requests?state=open`)).status).toBe(400);
    expect(
      (await world.api('GET', `/projects/${project.id}/merge_requests?source_branch=b3`)).body,
    ).toHaveLength(1);
  });

  test('know base, head, conflict and draft', async () => {
    const { gitlab, project, first } = world;
    const sha = await gitlab.commit(project, 'feature', { 'README.md': 'theirs' }, 'x');
    const main = await gitlab.commit(project, 'main', { 'README.md': 'ours' }, 'y');
    const mergeRequest = await gitlab.openMergeRequest(project, { source: 'feature', title: 'Draft: x' });
    await gitlab.idle();
    const { body } = await world.api('GET', `/projects/${project.id}/merge_requests/1`);
    expect(body).toMatchObject({
      sha,
      diff_refs: { base_sha: first, start_sha: main, head_sha: sha },
      merge_status: 'cannot_be_merged',
      detailed_merge_status: 'draft_status',
      draft: true,
      has_conflicts: true,
    });
    await gitlab.editMergeRequest(mergeRequest, { title: 'x' });
    await expect(gitlab.merge(mergeRequest)).rejects.toThrow('not mergeable: conflict');
  });

  test('"pipelines must succeed": blocked without a pipeline, while it runs, and when it failed', async () => {
    const { gitlab, project } = world;
    gitlab.setProject(project, { onlyAllowMergeIfPipelineSucceeds: true });
    const sha = await gitlab.commit(project, 'feature', { a: '1' }, 'x');
    const mergeRequest = await gitlab.openMergeRequest(project, { source: 'feature' });
    await gitlab.idle();
    const seen: string[] = [];
    for (const state of [undefined, 'running', 'failed', 'skipped', 'success']) {
      if (state !== undefined) await world.api('POST', `/projects/${project.id}/statuses/${sha}`, { state });
      seen.push(
        (await world.api('GET', `/projects/${project.id}/merge_requests/1`)).body.detailed_merge_status,
      );
    }
    expect(seen).toEqual(['ci_must_pass', 'ci_still_running', 'ci_must_pass', 'ci_must_pass', 'mergeable']);
    await gitlab.commit(project, 'feature', { a: '2' }, 'y');
    await gitlab.idle();
    await expect(gitlab.merge(mergeRequest)).rejects.toThrow('ci_must_pass');
    const { body } = await world.api('GET', `/projects/${project.id}/merge_requests/1`);
    expect([body.head_pipeline.sha, body.sha === sha]).toEqual([sha, false]);
  });

  test.each([
    ['merge', true, false, 2],
    ['squash', true, true, 2],
    ['fast-forward', false, false, 1],
  ] as const)('%s', async (method, hasMerge, hasSquash, parents) => {
    const { gitlab, project } = world;
    await gitlab.commit(project, 'feature', { a: '1' }, 'x');
    const mergeRequest = await gitlab.openMergeRequest(project, { source: 'feature' });
    await gitlab.idle();
    const tip = await gitlab.merge(mergeRequest, { method });
    const { body } = await world.api('GET', `/projects/${project.id}/merge_requests/1`);
    expect([body.state, body.merge_commit_sha !== null, body.squash_commit_sha !== null]).toEqual([
      'merged',
      hasMerge,
      hasSquash,
    ]);
    const branch = await world.api('GET', `/projects/${project.id}/repository/branches/main`);
    expect([branch.body.commit.id, branch.body.commit.parent_ids.length]).toEqual([tip, parents]);
    const found = await world.api('GET', `/projects/${project.id}/repository/commits/${tip}/merge_requests`);
    expect(found.body).toMatchObject([{ iid: 1 }]);
  });

  test('pushed into the target by hand, a merge request is merged', async () => {
    const { gitlab, project } = world;
    const sha = await gitlab.commit(project, 'feature', { a: '1' }, 'x');
    const mergeRequest = await gitlab.openMergeRequest(project, { source: 'feature' });
    await gitlab.push(project, 'refs/heads/main', sha);
    expect(mergeRequest.state).toBe('merged');
  });
});

describe('notes', () => {
  let path: string;
  beforeEach(async () => {
    await world.gitlab.commit(world.project, 'feature', { a: '1' }, 'x');
    await world.gitlab.openMergeRequest(world.project, { source: 'feature' });
    path = `/projects/${world.project.id}/merge_requests/1/notes`;
  });

  test('created, shown, edited, listed, deleted', async () => {
    const made = await world.api('POST', path, { body: 'one' });
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({
        body: 'one',
        author: expect.objectContaining({ username: 'bot' }),
        system: false,
      }),
    ]);
    const one = `${path}/${made.body.id}`;
    expect((await world.api('PUT', one, { body: 'two' })).body).toMatchObject({
      id: made.body.id,
      body: 'two',
    });
    await world.gitlab.commit(world.project, 'feature', { a: '2' }, 'y');
    const all = await world.api('GET', `${path}?sort=asc&order_by=created_at`);
    expect(all.body.map((note: { system: boolean }) => note.system)).toEqual([false, true]);
    expect((await world.api('GET', `${path}?activity_filter=only_comments`)).body).toHaveLength(1);
    expect((await world.api('DELETE', one)).status).toBe(204);
    expect((await world.api('GET', one)).status).toBe(404);
  });

  test.each([
    [{}, 400, 'body is missing'],
    [{ body: ' ' }, 400, "can't be blank"],
    [{ body: 'x'.repeat(1_000_001) }, 400, 'too long'],
  ])('refused: %#', async (body, status, message) => {
    const got = await world.api('POST', path, body);
    expect([got.status, JSON.stringify(got.body)]).toEqual([status, expect.stringContaining(message)]);
  });

  test('only the author or a maintainer edits', async () => {
    const { body } = await world.api('POST', path, { body: 'mine' }, world.users.dev.token);
    expect((await world.api('PUT', `${path}/${body.id}`, { body: 'yours' })).status).toBe(403);
    expect(
      (await world.api('PUT', `${path}/${body.id}`, { body: 'ours' }, world.users.owner.token)).status,
    ).toBe(200);
  });

  test.each([
    ['/merge', ['merge'], 202],
    ['Fine\n/approve\n/label ~data', ['approve', 'label'], 201],
    ['/Close now', ['close'], 202],
    ['see /merge, ` /close`, /gate check', [], 201],
    ['/gate check', [], 201],
    ['```\n/merge\n```\n> /close\n  /merge', [], 201],
    ['<!-- x -->\n/merge', ['merge'], 201],
    ['<!--\n/merge\n-->', [], 201],
    ['```\nnever closed\n/merge', ['merge'], 201],
  ])('quick actions of %j: %o', async (body, commands, status) => {
    expect((await world.api('POST', path, { body })).status).toBe(status);
    expect(world.gitlab.quickActions.map((action) => action.command)).toEqual(commands);
  });

  test('an emoji once per user', async () => {
    const { body } = await world.api('POST', path, { body: 'one' });
    const emoji = `${path}/${body.id}/award_emoji`;
    expect((await world.api('POST', emoji, { name: 'eyes' })).status).toBe(201);
    expect((await world.api('POST', emoji, { name: 'eyes' })).status).toBe(404);
    expect((await world.api('GET', emoji)).body).toMatchObject([{ name: 'eyes', user: { username: 'bot' } }]);
  });
});

describe('faults', () => {
  test('the next matching requests fail, others do not', async () => {
    const { gitlab } = world;
    gitlab.fail({
      when: (request) => request.path === '/api/v4/version',
      times: 2,
      fault: { kind: 'status', status: 500 },
    });
    const seen = [];
    for (const asked of ['/version', '/user', '/version', '/version'])
      seen.push((await world.api('GET', asked)).status);
    expect(seen).toEqual([500, 200, 500, 200]);
    expect(gitlab.requests.map((request) => request.status)).toEqual(seen);
  });

  test('429 is plain text with a Retry-After', async () => {
    world.gitlab.fail({ when: () => true, times: 1, fault: { kind: 'rate-limited', retryAfter: 7 } });
    const { status, body, headers } = await world.api('GET', '/user');
    expect([status, body, headers.get('retry-after'), headers.get('content-type')]).toEqual([
      429,
      'Retry later\n',
      '7',
      'text/plain',
    ]);
  });

  test('a write can be applied and its answer lost', async () => {
    const { gitlab, project } = world;
    const sha = await gitlab.commit(project, 'feature', { a: '1' }, 'x');
    gitlab.fail({
      when: (request) => request.method === 'POST',
      times: 1,
      fault: { kind: 'applied-then-502' },
    });
    expect(
      (await world.api('POST', `/projects/${project.id}/statuses/${sha}`, { state: 'success' })).status,
    ).toBe(502);
    expect(gitlab.statuses(project, sha)).toMatchObject([{ status: 'success' }]);
  });

  test('no answer, and a cut connection', async () => {
    const stop = world.gitlab.fail({ when: () => true, fault: { kind: 'drop' } });
    await expect(world.api('GET', '/user')).rejects.toThrow('fetch failed');
    stop();
    world.gitlab.fail({ when: () => true, times: 1, fault: { kind: 'hang' } });
    const signal = AbortSignal.timeout(40);
    await expect(fetch(`${world.gitlab.url}/api/v4/user`, { signal })).rejects.toThrow('timeout');
  });
});

test('below a relative path everything works as well', async () => {
  const below = await startTestWorld({ relativePath: '/gitlab' });
  const { body } = await below.api('GET', '/projects/ml%2Fauto-mpg');
  expect(body.http_url_to_repo).toBe(`${below.gitlab.url}/ml/auto-mpg.git`);
  expect(below.gitlab.url).toMatch(/\/gitlab$/);
  await below.close();
});

const contract = loadGitlabContract();
test.skipIf(contract.kind === 'no contracts')(
  'what is observed can be checked against the contract',
  async () => {
    const seen: ApiRequest[] = [];
    const stop = world.gitlab.observe((request) => seen.push(request));
    await world.api('GET', '/projects/ml%2Fauto-mpg/merge_requests?state=opened&per_page=100');
    await world.api('POST', `/projects/ml%2Fauto-mpg/statuses/${world.first}`, {
      state: 'success',
      colour: 'red',
    });
    stop();
    await world.api('GET', '/user');
    expect(seen.map((request) => [request.method, request.status])).toEqual([
      ['GET', 200],
      ['POST', 403],
    ]);
    const violations = seen.flatMap((request) =>
      contract.kind === 'contract' ? contract.violations(request) : [],
    );
    expect(violations).toEqual([
      'POST /api/v4/projects/{id}/statuses/{sha}: body/colour must NOT have additional properties',
    ]);
  },
);
