import { afterAll, describe, expect, test } from 'vitest';
import { createGitlabClient } from '../../../src/adapters/gitlab/client.ts';
import { createGitlabPeople } from '../../../src/adapters/gitlab/people.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { startScriptedServer } from '../../support/scripted-server.ts';

const dispatchers = createDispatchers();
afterAll(() => dispatchers.close());

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
