import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { MergeRequest } from '../../src/sandbox/gitlab/state.ts';
import { createStoryWorld, runIdOf, statusesOf, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown, ourNotes } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe('a change that changes while it is judged', () => {
  let world: StoryWorld;
  let quick: () => void = () => undefined;
  beforeAll(async () => void (world = await createStoryWorld()));
  afterEach(() => quick());
  afterAll(() => world.close());

  /** The data remote needs so long for an answer, until `quick`. */
  function slow(ms: number): void {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms } });
  }

  /** A change that is just being judged. */
  async function beingJudged(name: string): Promise<MergeRequest> {
    const change = await world.propose(name, {
      'x.csv.dvc': await world.track('x.csv', `${name}\n`, 'pushed'),
    });
    await world.status(change, ({ status }) => status === 'running');
    return change;
  }

  async function pageOf(change: MergeRequest, sha: string): Promise<string> {
    const status = statusesOf(world.gitlab, change, sha).at(-1);
    return (await fetch(status?.targetUrl ?? '')).text();
  }

  test('a newer head — the older one ends canceled, the newer one does not wait for its end', async () => {
    slow(8000);
    const began = Date.now();
    const change = await beingJudged('newer');
    const older = change.sha;
    const olderRun = runIdOf(statusesOf(world.gitlab, change).at(-1)!);
    await world.gitlab.commit(world.project, 'newer', { 'x.csv.dvc': undefined, 'NOTES.md': 'x\n' }, 'newer');
    quick();

    await world.status(change, ({ status }) => status === 'success');
    expect(Date.now() - began).toBeLessThan(7000);
    await expectShown(world, change, { status: 'success', notes: 0 });
    const { status } = await expectShown(world, change, { status: 'canceled', notes: 0, sha: older });
    expect(status.description).toBe(`superseded by ${change.sha.slice(0, 8)}`);
    const page = await (await fetch(`${world.url()}/runs/${olderRun}`)).text();
    expect(page).toMatch(/superseded/i);
    expect(page).not.toMatch(/<title>Running/);
  });

  test('a head that is force-pushed away before it was read — the new one is judged', async () => {
    const main = await world.gitlab.commit(world.project, 'base', { 'NOTES.md': 'base\n' }, 'base');
    const change = await world.propose('forced', {
      'x.csv.dvc': await world.track('x.csv', 'gone\n', 'not pushed'),
    });
    await world.gitlab.push(world.project, 'refs/heads/forced', main);

    await world.status(change, ({ status }) => status === 'success');
    await world.settled();
    expect(change.sha).toBe(main);
    expect(ourNotes(world, change).length).toBeLessThanOrEqual(1);
    const visible = statusesOf(world.gitlab, change).filter(({ retried }) => !retried);
    expect(visible.map(({ status }) => status)).toEqual(['success']);
  });

  test.each([
    ['closed', (change: MergeRequest) => world.gitlab.closeMergeRequest(change)],
    ['merged', (change: MergeRequest) => world.gitlab.merge(change, { force: true })],
  ])('%s while it is judged — ends canceled, and nothing comes afterwards', async (name, end) => {
    slow(1500);
    const change = await beingJudged(`ended-${name}`);
    await end(change);

    await world.status(change, ({ status }) => status === 'canceled');
    await expectShown(world, change, { status: 'canceled', notes: 0 });
    expect(await pageOf(change, change.sha)).toMatch(/cancelled/i);
    const before = statusesOf(world.gitlab, change).length;
    await expect(
      eventually('more', () => statusesOf(world.gitlab, change).length > before, 700),
    ).rejects.toThrow('more');
  });

  test('closed while it is judged and opened again — judged', async () => {
    slow(1000);
    const change = await beingJudged('again');
    await world.gitlab.closeMergeRequest(change);
    await world.status(change, ({ status }) => status === 'canceled');
    await world.settled();
    await world.gitlab.reopenMergeRequest(change);

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 1 });
  });

  test('refused, closed and opened again — data that comes later is still noticed', async () => {
    const change = await world.propose('late', {
      'l.csv.dvc': await world.track('l.csv', 'late\n', 'not pushed'),
    });
    await world.status(change, ({ status }) => status === 'failed');
    await world.gitlab.closeMergeRequest(change);
    await world.settled();
    await world.gitlab.reopenMergeRequest(change);
    await world.settled();
    world.push('late\n');

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 1 });
  });

  test('another target branch — judged against that one', async () => {
    const pointer = await world.track('t.csv', 'target\n', 'not pushed');
    await world.gitlab.commit(world.project, 'has-it', { 't.csv.dvc': pointer }, 'there already');
    const change = await world.propose('retargeted', { 't.csv.dvc': pointer });
    await world.status(change, ({ status }) => status === 'failed');

    await world.gitlab.editMergeRequest(change, { target: 'has-it' });

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 1 });
  });

  test('another target branch while it is judged — the verdict on the first is never shown', async () => {
    slow(1200);
    const pointer = await world.track('u.csv', 'target too\n', 'not pushed');
    await world.gitlab.commit(world.project, 'has-this', { 'u.csv.dvc': pointer }, 'there already');
    const change = await world.propose('turned', { 'u.csv.dvc': pointer });
    await world.status(change, ({ status }) => status === 'running');

    await world.gitlab.editMergeRequest(change, { target: 'has-this' });

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 0 });
    expect(statusesOf(world.gitlab, change).filter(({ status }) => status === 'failed')).toEqual([]);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
