import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { GithubStoryHost } from '../../support/hosts/github-story-host.ts';
import { eventually } from '../../support/redis.ts';
import { expectClean, expectShown } from '../../support/story-end.ts';
import { createStoryWorld, type StoryWorld } from '../../support/story-world.ts';

const later = '{ after: [1h], then: 1h, until: 1d }';

describe('pull requests', () => {
  let world: StoryWorld<GithubStoryHost>;
  let quick: () => void = () => undefined;
  beforeAll(async () => void (world = await createStoryWorld({ host: 'github', recheck: later })));
  afterEach(() => quick());
  afterAll(() => world.close());

  test('the branch of the pull request lags behind its webhook — judged when it is there', async () => {
    const { host, repository } = world;
    const release = host.sandbox.holdPullRefs(host.repository(repository));
    const files = { 'l.dvc': await world.track('l.csv', 'lag\n', 'pushed') };
    const change = await world.propose('lags', files);
    await eventually('the webhook', () => host.deliveries().some(({ aboutChange }) => aboutChange));
    await release();

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('its fork is deleted while it is judged — the verdict comes all the same', async () => {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 800 } });
    const fork = await world.host.fork(world.repository, 'stranger');
    const files = { 'f.dvc': await world.track('f.csv', 'deleted fork\n', 'not pushed') };
    const change = await world.propose('fork-goes', files, { fork });
    await world.status(change, ({ state }) => state === 'running');

    world.host.pull(change).headRepository = undefined;

    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
  });

  test('two with one head — «Re-run» judges both afresh, and the newest check tells of one of them', async () => {
    const { host, repository } = world;
    await host.commit(repository, 'release', { 'RELEASE.md': 'soon\n' }, { from: 'main' });
    const files = { 't.dvc': await world.track('t.csv', 'two\n', 'not pushed') };
    const one = await world.propose('two-targets', files);
    await world.status(one, ({ state }) => state === 'failure');
    const other = await host.open(repository, { branch: 'two-targets', target: 'release', title: 'Again' });
    await eventually('both comments', () => host.comments(other).length === 1);
    await world.settled();
    world.push('two\n');
    const red = host.checks(one).at(-1);
    if (red === undefined) throw new Error('no check');

    await host.sandbox.rerequest(red, { as: 'ada' });

    await world.status(one, ({ state }) => state === 'success');
    await expectShown(world, one, { state: 'success', comments: 1 });
    await expectShown(world, other, { state: 'success', comments: 1 });
    expect(host.comments(one)[0]?.text).not.toContain('missing-on-remote');
    expect(host.comments(other)[0]?.text).not.toContain('missing-on-remote');
    expect(host.checks(one).filter(({ status }) => status !== 'completed')).toEqual([]);
  });

  test('a draft, made ready, labelled, assigned — one check, judged once', async () => {
    const { host } = world;
    const files = { 'd.dvc': await world.track('d.csv', 'draft\n', 'pushed') };
    const change = await world.propose('draft', files);
    await host.sandbox.setDraft(host.pull(change), true);
    await host.sandbox.setDraft(host.pull(change), false);
    await host.sandbox.setLabels(host.pull(change), ['ready', 'data']);

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
    expect(host.checks(change)).toHaveLength(1);
  });

  test('somebody deletes our comment — the next verdict writes it again', async () => {
    const { host, repository } = world;
    const files = { 'c.dvc': await world.track('c.csv', 'comment\n', 'not pushed') };
    const change = await world.propose('comment-goes', files);
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    const [comment] = host.sandbox.comments(host.pull(change));
    if (comment === undefined) throw new Error('no comment');
    await host.sandbox.deleteComment('owner', comment);
    const more = { 'c2.dvc': await world.track('c2.csv', 'comment 2\n', 'not pushed') };
    await host.commit(repository, 'comment-goes', more);

    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
