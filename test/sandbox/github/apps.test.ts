import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Repository } from '../../../src/sandbox/github/state.ts';
import { handClock } from './hand-clock.ts';
import { startTestWorld, type TestWorld } from './world.ts';

const clock = handClock();
let world: TestWorld;
let other: Repository;
let tokens: string;

beforeAll(async () => {
  world = await startTestWorld({ clock });
  other = await world.github.createRepository({ name: 'acme/other' });
});

beforeEach(() => {
  tokens = `/app/installations/${world.installation.id}/access_tokens`;
});

afterAll(() => world.close());

const stranger = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

describe('JSON web token', () => {
  test('of the App — shows it', async () => {
    const got = await world.api('GET', '/app', undefined, world.jwt());
    expect(got).toMatchObject({ status: 200, body: { id: world.app.id, slug: 'gate' } });
    expect(got.headers.get('date')).toBe(clock.now().toUTCString());
  });

  test('with the client id — shows it too', async () => {
    const got = await world.api('GET', '/app', undefined, world.jwt({ iss: world.app.clientId }));
    expect(got.status).toBe(200);
  });

  const now = clock.now().getTime() / 1000;
  test.each([
    ['from the future', { iat: now + 30 }, /'Issued at' claim/],
    ['that is over', { exp: now - 1 }, /'Expiration time' claim/],
    ['for more than ten minutes', { exp: now + 601 }, /too far in the future/],
    ['of nobody', { iss: 7 }, /Integration not found/],
    ['without an end', { exp: undefined }, /'Expiration time' claim/],
  ])('%s — 401', async (_name, claims, message) => {
    const got = await world.api('GET', '/app', undefined, world.jwt(claims));
    expect(got).toMatchObject({ status: 401, body: { message: expect.stringMatching(message) } });
  });

  test.each([
    ['signed with another key', () => world.jwt({}, stranger.privateKey)],
    ['in pieces', () => 'eyJhbGciOiJSUzI1NiJ9.e30.'],
    ['replaced by an installation token', () => world.github.installationToken(world.installation)],
  ])('%s — 401', async (_name, token) => {
    expect((await world.api('GET', '/app', undefined, token())).status).toBe(401);
  });
});

describe('installation', () => {
  test('list — in pages of one — leads on with Link', async () => {
    const second = world.github.addOrganization('second');
    world.github.install(world.app, second.login);
    const got = await world.api('GET', '/app/installations?per_page=1', undefined, world.jwt());
    expect(got.body.map((entry: { id: number }) => entry.id)).toEqual([world.installation.id]);
    const next = /<([^>]+)>; rel="next"/.exec(got.headers.get('link') ?? '')?.[1] ?? '';
    expect(next).toContain(`${world.github.apiUrl}/app/installations?`);
    const more = await world.api('GET', next.slice(world.github.apiUrl.length), undefined, world.jwt());
    expect(more.body).toMatchObject([{ account: { login: 'second' } }]);
  });

  test('of a repository — is found, elsewhere 404', async () => {
    const found = await world.api('GET', '/repos/acme/auto-mpg/installation', undefined, world.jwt());
    expect(found.body).toMatchObject({
      id: world.installation.id,
      app_slug: 'gate',
      repository_selection: 'all',
    });
    const missing = await world.api('GET', '/repos/acme/nowhere/installation', undefined, world.jwt());
    expect(missing.status).toBe(404);
  });
});

describe('installation token', () => {
  test('as it is — long form, an hour, all repositories', async () => {
    const { body, status } = await world.api('POST', tokens, {}, world.jwt());
    expect(status).toBe(201);
    expect(body.token).toMatch(new RegExp(`^ghs_${world.app.id}_[\\w-]+\\.[\\w-]+\\.[\\w-]+$`));
    expect(body.token.length).toBeGreaterThan(400);
    expect(Date.parse(body.expires_at) - clock.now().getTime()).toBe(3_600_000);
    const list = await world.api('GET', '/installation/repositories', undefined, body.token);
    expect(list.body).toMatchObject({
      total_count: 2,
      repositories: [{ name: 'auto-mpg' }, { name: 'other' }],
    });
  });

  test('narrowed — reaches that repository with that permission, and no more', async () => {
    const wanted = { repository_ids: [world.repository.id], permissions: { checks: 'read' } };
    const { body } = await world.api('POST', tokens, wanted, world.jwt());
    expect(body).toMatchObject({
      permissions: { checks: 'read', metadata: 'read' },
      repository_selection: 'selected',
    });
    const statusOf = async (method: string, path: string, sent?: unknown): Promise<number> =>
      (await world.api(method, path, sent, body.token)).status;
    expect(await statusOf('GET', `/repos/acme/auto-mpg/commits/${world.first}/check-runs`)).toBe(200);
    expect(
      await statusOf('POST', '/repos/acme/auto-mpg/check-runs', { name: 'x', head_sha: world.first }),
    ).toBe(403);
    expect(await statusOf('GET', '/repos/acme/auto-mpg/pulls')).toBe(403);
    expect(await statusOf('GET', '/repos/acme/other')).toBe(404);
    expect(
      (await world.api('GET', '/installation/repositories', undefined, body.token)).body.total_count,
    ).toBe(1);
  });

  test.each([
    ['a permission it does not have', { permissions: { administration: 'read' } }],
    ['more than it has', { permissions: { contents: 'write' } }],
    ['a repository it does not have', { repository_ids: [1] }],
    ['a repository name it does not have', { repositories: ['elsewhere'] }],
    ['too many repositories', { repository_ids: Array.from({ length: 501 }, (_, index) => index) }],
  ])('asking for %s — 422', async (_name, wanted) => {
    expect((await world.api('POST', tokens, wanted, world.jwt())).status).toBe(422);
  });

  test('after an hour — 401', async () => {
    const token = world.github.installationToken(world.installation);
    clock.advance(3_599_000);
    expect((await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).status).toBe(200);
    clock.advance(1_000);
    expect(await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).toMatchObject({
      status: 401,
      body: { message: 'Bad credentials' },
    });
  });

  test('revoked — 401', async () => {
    const token = world.github.installationToken(world.installation);
    expect((await world.api('DELETE', '/installation/token', undefined, token)).status).toBe(204);
    expect((await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).status).toBe(401);
  });

  test('of a suspended installation — 403, and none is made', async () => {
    const token = world.github.installationToken(world.installation);
    world.github.suspend(world.installation);
    expect((await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).status).toBe(403);
    expect((await world.api('POST', tokens, {}, world.jwt())).status).toBe(403);
    world.github.suspend(world.installation, false);
    expect((await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).status).toBe(200);
  });

  test('of an installation that was removed — 401', async () => {
    const { github, app } = world;
    const account = github.addOrganization('gone');
    const installation = github.install(app, account.login);
    const token = github.installationToken(installation);
    github.uninstall(installation);
    expect((await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).status).toBe(401);
  });

  test('with selected repositories — follows the selection', async () => {
    const { github, installation, repository } = world;
    github.selectRepositories(installation, [other]);
    const token = github.installationToken(installation);
    expect((await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).status).toBe(404);
    github.selectRepositories(installation, [other, repository]);
    expect((await world.api('GET', '/repos/acme/auto-mpg', undefined, token)).status).toBe(200);
  });
});
