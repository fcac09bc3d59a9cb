import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { GithubStoryHost } from '../../support/hosts/github-story-host.ts';
import { expectClean, expectShown } from '../../support/story-end.ts';
import { createStoryWorld, type StoryWorld } from '../../support/story-world.ts';

describe('GitHub with the token of a user', () => {
  let world: StoryWorld<GithubStoryHost>;
  beforeAll(async () => void (world = await createStoryWorld({ host: 'github', github: { as: 'token' } })));
  afterAll(() => world.close());

  test('data that was never pushed — a red status and a comment, no check; pushed later — green', async () => {
    const files = { 'd.csv.dvc': await world.track('d.csv', 'token\n', 'not pushed') };
    const change = await world.propose('red', files);

    const red = await world.status(change, ({ state }) => state === 'failure');
    expect(red.description).toContain('data/missing-on-remote');
    expect(red.description.length).toBeLessThanOrEqual(140);
    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(world.host.checks(change)).toEqual([]);

    world.push('token\n');
    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('nothing to check — a green status all the same', async () => {
    const change = await world.propose('nothing', { 'NOTES.md': 'x\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
  });

  test('a newer head — the old status ends as an error, the new one is judged', async () => {
    const change = await world.propose('newer', { 'NOTES.md': 'one\n' });
    await world.status(change, ({ state }) => state === 'success');
    await world.host.commit(world.repository, 'newer', { 'NOTES.md': 'two\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
  });

  test('a status is written and answered with 502 — it is not written twice', async () => {
    world.host.fail('status', { kind: 'lost' }, 2);
    const change = await world.propose('lost', { 'NOTES.md': 'lost\n' });

    await world.status(change, ({ state }) => state === 'success');
    await world.settled();
    expect(world.host.statuses(change).map(({ state }) => state)).toEqual(['running', 'success']);
  });

  test('a command — is carried out', async () => {
    const files = { 'r.csv.dvc': await world.track('r.csv', 'retest\n', 'not pushed') };
    const change = await world.propose('command', files);
    await world.status(change, ({ state }) => state === 'failure');
    await world.settled();
    world.push('retest\n');
    await world.host.comment('ada', change, '/modelgate retest');

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

describe('GitHub Enterprise Server', () => {
  let world: StoryWorld<GithubStoryHost>;
  beforeAll(async () => {
    world = await createStoryWorld({ host: 'github', github: { enterprise: '3.19.1' } });
  });
  afterAll(() => world.close());

  test('webhooks with its name, the API below its address — a check and a comment', async () => {
    const files = { 'd.csv.dvc': await world.track('d.csv', 'enterprise\n', 'not pushed') };
    const change = await world.propose('red', files);

    await world.status(change, ({ state }) => state === 'failure');
    const { comment } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(comment?.text).toContain('dvc push d.csv.dvc');
    expect(world.host.checks(change)[0]?.annotations).toHaveLength(1);
    expect(world.host.sandbox.apiUrl).toMatch(/\/api\/v3$/);
  });

  test('a merge group — has its check', async () => {
    const change = await world.propose('queued', { 'NOTES.md': 'x\n' });
    await world.status(change, ({ state }) => state === 'success');

    const group = await world.host.sandbox.enqueue(world.host.pull(change));

    const of = { ...change, head: group.headSha };
    await world.status(of, ({ state }) => state === 'success');
    await world.host.sandbox.mergeGroup(group);
    await world.settled();
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
