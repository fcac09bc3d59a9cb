import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, statusesOf, type StoryWorld } from '../support/story-world.ts';
import { expectClean, ourNotes } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe('a project with CI', () => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld({ ciEnabled: true })));
  afterAll(() => world.close());

  test('the status — is a part of the merge request’s own pipeline', async () => {
    const change = await world.propose('ci', { 'd.csv.dvc': await world.track('d.csv', 'ci\n', 'pushed') });

    await world.status(
      change,
      ({ status, pipeline }) => status === 'success' && pipeline.source === 'merge_request_event',
    );
    await world.settled();
    const [newest] = world.gitlab.pipelines(change);
    const visible = newest?.statuses.filter(({ name, retried }) => name === 'modelgate' && !retried);
    expect(visible).toMatchObject([{ status: 'success' }]);
    expect(newest?.status).toBe('success');
    expect(statusesOf(world.gitlab, change).filter(({ status }) => status === 'running')).toEqual([]);
  });

  test('another pipeline for the same head — has the status too', async () => {
    const change = await world.propose('again', {
      'd.csv.dvc': await world.track('d.csv', 'ci 2\n', 'pushed'),
    });
    await world.status(
      change,
      ({ status, pipeline }) => status === 'success' && pipeline.source === 'merge_request_event',
    );
    await world.settled();
    const first = world.gitlab.pipelines(change)[0];

    const second = await world.gitlab.createPipeline({
      project: world.project,
      sha: change.sha,
      ref: first?.ref ?? '',
      source: 'merge_request_event',
      ciStatus: 'running',
      mergeRequest: change,
    });

    await eventually('the status in it', () => second.statuses.some(({ status }) => status === 'success'));
    await world.settled();
    expect(second.statuses.filter(({ retried }) => !retried)).toMatchObject([
      { name: 'modelgate', status: 'success' },
    ]);
    await world.gitlab.setPipelineStatus(second, 'success');
    expect(second.status).toBe('success');
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});

describe('a merge request from a fork', () => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld()));
  afterAll(() => world.close());

  async function proposeFromFork(path: string, member: 'member' | 'no member') {
    const fork = await world.gitlab.fork(world.project, { path, owner: 'stranger' });
    if (member === 'member') world.gitlab.addMember(fork, 'modelgate-bot', 30);
    const pointer = await world.track('f.csv', `${path}\n`, 'not pushed');
    await world.gitlab.commit(
      fork,
      'feature',
      { 'f.csv.dvc': pointer },
      { message: 'from outside', as: 'stranger' },
    );
    return world.gitlab.openMergeRequest(world.project, {
      sourceProject: fork,
      source: 'feature',
      title: 'From a fork',
      as: 'stranger',
    });
  }

  test('that we may write to — has the status there', async () => {
    const change = await proposeFromFork('stranger/auto-mpg', 'member');

    const status = await world.status(change, ({ status }) => status === 'failed');
    expect(status.pipeline.project).toBe(change.sourceProject);
    await world.settled();
    expect(ourNotes(world, change)).toHaveLength(1);
  });

  test('that we may not write to — is judged all the same, and the note says why there is no status', async () => {
    const change = await proposeFromFork('stranger/hidden', 'no member');

    await eventually('the note', () => ourNotes(world, change).length > 0);
    await world.settled();
    const [note, ...others] = ourNotes(world, change);
    expect(others).toEqual([]);
    expect(note?.body).toContain('data/missing-on-remote');
    expect(note?.body).toMatch(/no status.*Developer/s);
    expect(statusesOf(world.gitlab, change)).toEqual([]);
    const page = /\/runs\/[0-9a-f]{24}/.exec(note?.body ?? '')?.[0];
    expect(await (await fetch(`${world.url()}${page}`)).text()).toContain('the host takes no status from us');
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
