import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mark, told } from './told.ts';
import { startTestWorld, type TestWorld } from './world.ts';

let world: TestWorld;
const repo = '/repos/acme/auto-mpg';
const list = `${repo}/issues/1/comments`;

beforeAll(async () => {
  world = await startTestWorld();
  await world.github.commit(world.repository, 'feature', { 'a.txt': 'a\n' }, 'A');
  await world.github.openPull(world.repository, { head: 'feature', as: 'dev' });
});

afterAll(() => world.close());

describe('comment', () => {
  test('of the App — names its bot and the App, is edited in place, tells both', async () => {
    const since = await mark(world);
    const { body, status } = await world.api('POST', list, { body: 'first' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      body: 'first',
      user: { login: 'gate[bot]', type: 'Bot' },
      performed_via_github_app: { id: world.app.id },
    });
    const edited = await world.api('PATCH', `${repo}/issues/comments/${body.id}`, { body: 'second' });
    expect(edited.body).toMatchObject({ id: body.id, body: 'second' });
    expect(await told(world, 'issue_comment', since)).toMatchObject([
      {
        action: 'created',
        issue: { number: 1, pull_request: {} },
        sender: { login: 'gate[bot]', type: 'Bot' },
      },
      { action: 'edited', changes: { body: { from: 'first' } }, comment: { id: body.id } },
    ]);
  });

  test('of a person — names no App', async () => {
    const comment = await world.github.comment('dev', world.repository.pulls[0] ?? fail(), '/gate recheck');
    const got = await world.api('GET', `${repo}/issues/comments/${comment.id}`);
    expect(got.body).toMatchObject({
      user: { login: 'dev' },
      performed_via_github_app: null,
      author_association: 'MEMBER',
    });
  });

  test.each([
    ['nothing', '', 422],
    ['blanks', ' \n', 422],
    ['65,537 characters', 'x'.repeat(65_537), 422],
    ['65,536 characters', '€'.repeat(65_536), 201],
  ])('of %s — %s', async (_name, body, status) => {
    expect((await world.api('POST', list, { body })).status).toBe(status);
  });

  test('without a text, or below nothing — 422 and 404', async () => {
    expect((await world.api('POST', list, {})).status).toBe(422);
    expect((await world.api('POST', `${repo}/issues/99/comments`, { body: 'x' })).status).toBe(404);
  });

  test('of somebody else — is edited by writers and Apps, not by readers', async () => {
    const { people } = world;
    const theirs = await world.api('POST', list, { body: 'mine' }, people.admin.token);
    const at = `${repo}/issues/comments/${theirs.body.id}`;
    expect((await world.api('PATCH', at, { body: 'no' }, people.reader.token)).status).toBe(403);
    expect((await world.api('PATCH', at, { body: 'dev' }, people.dev.token)).status).toBe(200);
    expect((await world.api('PATCH', at, { body: 'app' })).status).toBe(200);
    const own = await world.api('POST', list, { body: 'reader' }, people.reader.token);
    const ownAt = `${repo}/issues/comments/${own.body.id}`;
    expect((await world.api('PATCH', ownAt, { body: 'still reader' }, people.reader.token)).status).toBe(200);
    expect((await world.api('DELETE', ownAt, undefined, people.reader.token)).status).toBe(204);
    expect((await world.api('GET', ownAt)).status).toBe(404);
  });

  test('token without the permission — 403', async () => {
    const token = world.github.installationToken(world.installation, { permissions: { issues: 'read' } });
    expect((await world.api('GET', list, undefined, token)).status).toBe(200);
    expect((await world.api('POST', list, { body: 'x' }, token)).status).toBe(403);
  });

  test('list — oldest first, in pages', async () => {
    const got = await world.api('GET', `${list}?per_page=100`);
    const ids = got.body.map((comment: { id: number }) => comment.id);
    expect(ids).toEqual(ids.toSorted((one: number, other: number) => one - other));
    const page = await world.api('GET', `${list}?per_page=1&page=2`);
    expect(page.body.map((comment: { id: number }) => comment.id)).toEqual([ids[1]]);
  });
});

function fail(): never {
  throw new Error('no pull request');
}
