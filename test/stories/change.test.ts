import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, everyHost, type StoryWorld } from '../support/story-world.ts';
import { expectClean, ourComments } from '../support/story-end.ts';

describe.each(everyHost)('a change on $name', ({ host }) => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld({ host })));
  afterAll(() => world.close());

  test('data that is on the remote — passes', async () => {
    const change = await world.propose('good', {
      'data.csv.dvc': await world.track('data.csv', 'a,b\n1,2\n', 'pushed'),
    });

    const status = await world.status(change, ({ state }) => state === 'success');

    expect(status.description).toMatch(/1 output/);
    expect(status.url).toMatch(/\/runs\/[0-9a-f]{24}$/);
  });

  test('data that was never pushed — is refused with the repair; pushed later — turns green by itself', async () => {
    const content = 'a,b\n3,4\n';
    const change = await world.propose('forgotten', {
      'late.csv.dvc': await world.track('late.csv', content, 'not pushed'),
    });

    const refused = await world.status(change, ({ state }) => state === 'failure');
    expect(refused.description).toMatch(/data\/missing-on-remote/);
    await world.status(change, () => ourComments(world, change).length > 0);
    const [comment] = ourComments(world, change);
    expect(comment?.text).toContain('dvc push late.csv.dvc');

    world.push(content);
    const passed = await world.status(change, ({ state }) => state === 'success');
    expect(passed.description).not.toMatch(/missing/);
    await world.host.idle();
    expect(ourComments(world, change)).toHaveLength(1);
  });

  test('a newer head — supersedes the older one', async () => {
    const change = await world.propose('twice', {
      'x.csv.dvc': await world.track('x.csv', 'first\n', 'not pushed'),
    });
    await world.status(change, ({ state }) => state === 'failure');

    const newer = await world.host.commit(world.repository, 'twice', {
      'x.csv.dvc': await world.track('x.csv', 'second\n', 'pushed'),
    });

    await world.status(change, ({ state }) => state === 'success');
    expect(change.head).toBe(newer);
  });

  test('a conflict with the target — is said and nothing else', async () => {
    await world.host.commit(world.repository, 'clash', { 'README.md': 'one\n' });
    await world.host.commit(world.repository, 'main', { 'README.md': 'two\n' });
    const change = await world.host.open(world.repository, {
      branch: 'clash',
      target: 'main',
      title: 'Clash',
      as: 'ada',
    });

    const status = await world.status(change, ({ state }) => state === 'failure');

    expect(status.description).toMatch(/conflict/i);
  });

  test('a change of nothing that is checked — passes and says so', async () => {
    const change = await world.propose('docs', { 'NOTES.md': 'hello\n' });

    const status = await world.status(change, ({ state }) => state === 'success');

    expect(status.description).toMatch(/nothing to check/i);
    expect(ourComments(world, change)).toHaveLength(0);
  });

  test('a pipeline that was cut off — is refused although what is left is YAML', async () => {
    const text =
      '# PIPELINE DEFINITION\n# Name: training\ncomponents:\n  comp-train:\n    executorLabel: exec-train\n';
    const change = await world.propose('cut-off', { 'pipelines/train.yaml': text });

    const status = await world.status(change, ({ state }) => state === 'failure');

    expect(status.description).toMatch(/pipeline\/unparsable/);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
