import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestWorld, type TestWorld } from './world.ts';

let world: TestWorld;
beforeAll(async () => void (world = await startTestWorld()));
afterAll(() => world.close());

const repo = '/repos/acme/auto-mpg';

describe('personal token', () => {
  test('of a writer — posts statuses and comments, and no check runs', async () => {
    const { github, repository, first, people } = world;
    await github.commit(repository, 'mine', { 'm.txt': 'm\n' }, 'M');
    await github.openPull(repository, { head: 'mine' });
    const as = people.dev.token;
    expect((await world.api('POST', `${repo}/statuses/${first}`, { state: 'success' }, as)).status).toBe(201);
    expect((await world.api('POST', `${repo}/issues/1/comments`, { body: 'x' }, as)).status).toBe(201);
    const check = await world.api('POST', `${repo}/check-runs`, { name: 'x', head_sha: first }, as);
    expect(check).toMatchObject({
      status: 403,
      body: { message: 'You must authenticate via a GitHub App.' },
    });
  });

  test('fine-grained — never has Checks', async () => {
    const permissions = { contents: 'read', statuses: 'write', pull_requests: 'write' } as const;
    const token = world.github.addToken('dev', { permissions, repositories: [world.repository] });
    const path = `${repo}/commits/${world.first}`;
    expect((await world.api('GET', `${path}/statuses`, undefined, token)).status).toBe(200);
    expect(await world.api('GET', `${path}/check-runs`, undefined, token)).toMatchObject({
      status: 403,
      body: { message: 'Resource not accessible by personal access token' },
    });
  });

  test.each([
    ['reader', 'GET', repo, 200],
    ['reader', 'POST', `${repo}/statuses/{first}`, 403],
    ['stranger', 'GET', repo, 404],
    ['stranger', 'POST', `${repo}/statuses/{first}`, 404],
  ] as const)('of a %s — %s %s — %i', async (who, method, path, status) => {
    const body = method === 'POST' ? { state: 'success' } : undefined;
    const at = path.replace('{first}', world.first);
    expect((await world.api(method, at, body, world.people[who].token)).status).toBe(status);
  });

  test('revoked or unknown — 401', async () => {
    const token = world.github.addToken('dev');
    world.github.revokeToken(token);
    expect((await world.api('GET', repo, undefined, token)).status).toBe(401);
    expect((await world.api('GET', repo, undefined, 'ghp_nobody')).status).toBe(401);
  });
});

describe('nobody', () => {
  test('a public repository — reads, and may not write', async () => {
    const open = await world.github.createRepository({ name: 'acme/open', private: false });
    await world.github.commit(open, 'main', { a: '1' }, 'One');
    expect((await world.api('GET', '/repos/acme/open', undefined, '')).status).toBe(200);
    const write = await world.api('POST', '/repos/acme/open/statuses/main', { state: 'success' }, '');
    expect(write.status).toBe(401);
    expect((await world.api('GET', repo, undefined, '')).status).toBe(404);
  });
});

describe('repository', () => {
  test('renamed — a GET is sent on with 301, a POST with 307', async () => {
    const { github } = world;
    const repository = await github.createRepository({ name: 'acme/before' });
    const sha = await github.commit(repository, 'main', { a: '1' }, 'One');
    github.renameRepository(repository, 'after');
    const got = await world.api('GET', '/repos/acme/before/pulls?state=all');
    const location = `${github.apiUrl}/repositories/${repository.id}/pulls?state=all`;
    expect([got.status, got.headers.get('location')]).toEqual([301, location]);
    expect((await world.api('GET', location.slice(github.apiUrl.length))).status).toBe(200);
    expect((await world.api('POST', `/repos/acme/before/statuses/${sha}`, { state: 'success' })).status).toBe(
      307,
    );
    expect((await world.api('GET', '/repos/acme/after')).body.id).toBe(repository.id);
  });

  test('archived — is read, and not written', async () => {
    const { github } = world;
    const repository = await github.createRepository({ name: 'acme/old' });
    const sha = await github.commit(repository, 'main', { a: '1' }, 'One');
    github.archive(repository);
    expect((await world.api('GET', '/repos/acme/old')).body.archived).toBe(true);
    expect((await world.api('POST', `/repos/acme/old/statuses/${sha}`, { state: 'success' })).status).toBe(
      403,
    );
  });

  test.each([
    ['admin', 'admin', 'admin'],
    ['maintain', 'maintain', 'write'],
    ['write', 'write', 'write'],
    ['triage', 'triage', 'read'],
    ['read', 'read', 'read'],
    ['none', 'none', 'none'],
  ] as const)('permission of somebody with %s — role %s, permission %s', async (role, shown, permission) => {
    const { github, repository } = world;
    const { login } = github.addUser({ login: `with-${role}` });
    github.setCollaborator(repository, login, role);
    const got = await world.api('GET', `${repo}/collaborators/${login}/permission`);
    expect(got).toMatchObject({ status: 200, body: { role_name: shown, permission, user: { login } } });
  });

  test('permission of a name that nobody has — 404', async () => {
    expect((await world.api('GET', `${repo}/collaborators/noone/permission`)).status).toBe(404);
  });

  test('ref — shown with slashes or without, 404 where there is none or only the beginning of one', async () => {
    await world.github.push(world.repository, 'refs/heads/deep/er', world.first);
    for (const path of ['heads/deep/er', 'heads%2Fdeep%2Fer'])
      expect((await world.api('GET', `${repo}/git/ref/${path}`)).body).toMatchObject({
        ref: 'refs/heads/deep/er',
        object: { sha: world.first, type: 'commit' },
      });
    expect((await world.api('GET', `${repo}/git/ref/heads/deep`)).status).toBe(404);
  });
});

describe('request', () => {
  test('for another version of the API — 400 for one that does not exist', async () => {
    const ask = async (version: string): Promise<Response> =>
      fetch(`${world.github.apiUrl}/meta`, { headers: { 'x-github-api-version': version } });
    expect((await ask('2022-11-28')).headers.get('x-github-api-version-selected')).toBe('2022-11-28');
    expect((await ask('2021-01-01')).status).toBe(400);
  });

  test.each([
    ['no JSON', '{', 400],
    ['a list', '[]', 400],
    ['a number where a text belongs', '{"state":7}', 422],
  ])('with %s — %i', async (_name, body, status) => {
    const headers = { authorization: `Bearer ${world.people.dev.token}` };
    const at = `${world.github.apiUrl}${repo}/statuses/${world.first}`;
    expect((await fetch(at, { method: 'POST', headers, body })).status).toBe(status);
  });

  test('to nowhere — 404', async () => {
    expect((await world.api('GET', `${repo}/nonsense`)).status).toBe(404);
  });
});
