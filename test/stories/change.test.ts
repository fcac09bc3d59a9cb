import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, storySecrets, type StoryWorld } from '../support/story-world.ts';

describe('a merge request', () => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld()));
  afterAll(() => world.close());

  test('data that is on the remote — passes', async () => {
    const change = await world.propose('good', {
      'data.csv.dvc': await world.track('data.csv', 'a,b\n1,2\n', 'pushed'),
    });

    const status = await world.status(change, ({ status }) => status === 'success');

    expect(status.description).toMatch(/1 output/);
    expect(status.targetUrl).toMatch(/\/runs\/[0-9a-f]{24}$/);
  });

  test('data that was never pushed — is refused with the repair; pushed later — turns green by itself', async () => {
    const content = 'a,b\n3,4\n';
    const change = await world.propose('forgotten', {
      'late.csv.dvc': await world.track('late.csv', content, 'not pushed'),
    });

    const refused = await world.status(change, ({ status }) => status === 'failed');
    expect(refused.description).toMatch(/data\/missing-on-remote/);
    await world.status(change, () => world.gitlab.notes(change).length > 0);
    const [note] = world.gitlab.notes(change);
    expect(note?.body).toContain('dvc push late.csv.dvc');

    world.push(content);
    const passed = await world.status(change, ({ status }) => status === 'success');
    expect(passed.description).not.toMatch(/missing/);
    await world.gitlab.idle();
    expect(world.gitlab.notes(change)).toHaveLength(1);
  });

  test('a newer head — supersedes the older one', async () => {
    const change = await world.propose('twice', {
      'x.csv.dvc': await world.track('x.csv', 'first\n', 'not pushed'),
    });
    await world.status(change, ({ status }) => status === 'failed');

    await world.gitlab.commit(
      world.project,
      'twice',
      { 'x.csv.dvc': await world.track('x.csv', 'second\n', 'pushed') },
      'repaired',
    );

    const status = await world.status(change, ({ status }) => status === 'success');
    expect(status.pipeline.sha).toBe(change.sha);
  });

  test('a conflict with the target — is said and nothing else', async () => {
    await world.gitlab.commit(world.project, 'clash', { 'README.md': 'one\n' }, 'ours');
    await world.gitlab.commit(world.project, 'main', { 'README.md': 'two\n' }, 'theirs');
    const change = await world.gitlab.openMergeRequest(world.project, {
      source: 'clash',
      title: 'Clash',
      as: 'ada',
    });

    const status = await world.status(change, ({ status }) => status === 'failed');

    expect(status.description).toMatch(/conflict/i);
  });

  test('a change of nothing that is checked — passes and says so', async () => {
    const change = await world.propose('docs', { 'NOTES.md': 'hello\n' });

    const status = await world.status(change, ({ status }) => status === 'success');

    expect(status.description).toMatch(/nothing to check/i);
    expect(world.gitlab.notes(change)).toHaveLength(0);
  });

  test('a pipeline that was cut off — is refused although what is left is YAML', async () => {
    const text =
      '# PIPELINE DEFINITION\n# Name: training\ncomponents:\n  comp-train:\n    executorLabel: exec-train\n';
    const change = await world.propose('cut-off', { 'pipelines/train.yaml': text });

    const status = await world.status(change, ({ status }) => status === 'failed');

    expect(status.description).toMatch(/pipeline\/unparsable/);
  });

  test('nothing of it — broke GitLab’s description, ran a quick action, or showed a secret', async () => {
    await world.gitlab.idle();

    expect(world.violations).toEqual([]);
    expect(world.gitlab.quickActions).toEqual([]);
    const all = world.lines.join('');
    for (const secret of Object.values(storySecrets)) expect(all).not.toContain(secret);
  });
});
