import { afterAll, describe, expect, test } from 'vitest';
import { createGitlabClient } from '../../../src/adapters/gitlab/client.ts';
import { createGitlabPeople } from '../../../src/adapters/gitlab/people.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';

const dispatchers = createDispatchers();
afterAll(() => dispatchers.close());

describe('who may read', () => {
  test.each<[string, object, object | undefined, boolean]>([
    ['a public project, nobody of it', { visibility: 'public' }, undefined, true],
    [
      'a public one of an old version',
      { visibility: 'public', repository_access_level: 'enabled' },
      undefined,
      true,
    ],
    [
      'a public one whose code is for members, nobody',
      { visibility: 'public', repository_access_level: 'private' },
      undefined,
      false,
    ],
    [
      'a public one whose code is for members, a reporter',
      { visibility: 'public', repository_access_level: 'private' },
      { access_level: 20, state: 'active' },
      true,
    ],
    ['an internal one, nobody of it', { visibility: 'internal' }, undefined, false],
    ['a private one, nobody of it', { visibility: 'private' }, undefined, false],
    ['a private one, a guest', { visibility: 'private' }, { access_level: 10, state: 'active' }, false],
    ['a private one, a planner', { visibility: 'private' }, { access_level: 15, state: 'active' }, false],
    ['a private one, a reporter', { visibility: 'private' }, { access_level: 20, state: 'active' }, true],
    [
      'a private one, a blocked owner',
      { visibility: 'private' },
      { access_level: 50, state: 'blocked' },
      false,
    ],
  ])('%s — asked — decides', async (_who, project, member, expected) => {
    const answers = [
      { status: 200, body: JSON.stringify(project) },
      member === undefined
        ? { status: 404, body: '{"message":"404 Not found"}' }
        : { status: 200, body: JSON.stringify(member) },
    ];
    const server = await startScriptedServer(answers);
    const clock = { now: () => new Date(), sleep: async () => {}, after: () => () => {} };
    const client = createGitlabClient(
      { id: 'corp', url: server.url, token: () => 't' },
      { clock, dispatchers },
    );

    expect(await createGitlabPeople(client).mayRead('7', '5', new AbortController().signal)).toBe(expected);
    expect(server.seen[0]?.path).toBe('/api/v4/projects/7');
    await server.close();
  });
});

describe('who may push', () => {
  test.each<[number, string, boolean]>([
    [10, 'active', false],
    [20, 'active', false],
    [30, 'active', true],
    [40, 'active', true],
    [50, 'active', true],
    [50, 'blocked', false],
    [30, 'deactivated', false],
    [30, 'awaiting', false],
  ])('level %i, %s — %s', async (level, state, expected) => {
    const server = await startScriptedServer([
      { status: 200, body: JSON.stringify({ id: 5, access_level: level, state }) },
    ]);
    const clock = { now: () => new Date(), sleep: async () => {}, after: () => () => {} };
    const client = createGitlabClient(
      { id: 'corp', url: server.url, token: () => 't' },
      { clock, dispatchers },
    );

    const people = createGitlabPeople(client);

    expect(await people.mayPush('7', '5', new AbortController().signal)).toBe(expected);
    expect(server.seen[0]?.path).toBe('/api/v4/projects/7/members/all/5');
    await server.close();
  });
});
