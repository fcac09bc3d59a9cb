import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  createStoryWorld,
  everyHost,
  runIdOf,
  type StoryChange,
  type StoryWorld,
} from '../support/story-world.ts';
import { expectClean, expectShown, ourComments } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe.each(everyHost)('a change on $name that changes while it is judged', ({ host }) => {
  let world: StoryWorld;
  let quick: () => void = () => undefined;
  beforeAll(async () => void (world = await createStoryWorld({ host })));
  afterEach(() => quick());
  afterAll(() => world.close());

  /** The data remote needs so long for an answer, until `quick`. */
  function slow(ms: number): void {
    quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms } });
  }

  /** A change that is just being judged. */
  async function beingJudged(name: string): Promise<StoryChange> {
    const change = await world.propose(name, {
      'x.csv.dvc': await world.track('x.csv', `${name}\n`, 'pushed'),
    });
    await world.status(change, ({ state }) => state === 'running');
    return change;
  }

  async function pageOf(change: StoryChange, sha: string): Promise<string> {
    const status = world.host.statuses(change, sha).at(-1);
    return (await fetch(status?.url ?? '')).text();
  }

  test('a newer head — the older one ends cancelled, the newer one does not wait for its end', async () => {
    slow(8000);
    const began = Date.now();
    const change = await beingJudged('newer');
    const older = change.head;
    const olderRun = runIdOf(world.host.statuses(change).at(-1));
    await world.host.commit(world.repository, 'newer', { 'x.csv.dvc': undefined, 'NOTES.md': 'x\n' });
    quick();

    await world.status(change, ({ state }) => state === 'success');
    expect(Date.now() - began).toBeLessThan(7000);
    await expectShown(world, change, { state: 'success', comments: 0 });
    const { status } = await expectShown(world, change, { state: 'cancelled', comments: 0, head: older });
    expect(status.description).toBe(`superseded by ${change.head.slice(0, 8)}`);
    const page = await (await fetch(`${world.url()}/runs/${olderRun}`)).text();
    expect(page).toMatch(/superseded/i);
    expect(page).not.toMatch(/<title>Running/);
  });

  test('a head that is force-pushed away before it was read — the new one is judged', async () => {
    const main = await world.host.commit(world.repository, 'base', { 'NOTES.md': 'base\n' });
    const change = await world.propose('forced', {
      'x.csv.dvc': await world.track('x.csv', 'gone\n', 'not pushed'),
    });
    await world.host.push(world.repository, 'forced', main);

    await world.status(change, ({ state }) => state === 'success');
    await world.settled();
    expect(change.head).toBe(main);
    expect(ourComments(world, change).length).toBeLessThanOrEqual(1);
    const visible = world.host.statuses(change).filter(({ hidden }) => !hidden);
    expect(visible.map(({ state }) => state)).toEqual(['success']);
  });

  test.each([
    ['closed', (change: StoryChange) => world.host.close(change)],
    ['merged', (change: StoryChange) => world.host.merge(change)],
  ])('%s while it is judged — ends cancelled, and nothing comes afterwards', async (name, end) => {
    slow(1500);
    const change = await beingJudged(`ended-${name}`);
    await end(change);

    await world.status(change, ({ state }) => state === 'cancelled');
    await expectShown(world, change, { state: 'cancelled', comments: 0 });
    expect(await pageOf(change, change.head)).toMatch(/cancelled/i);
    const before = world.host.statuses(change).length;
    await expect(eventually('more', () => world.host.statuses(change).length > before, 700)).rejects.toThrow(
      'more',
    );
  });

  test('closed while it is judged and opened again — judged', async () => {
    slow(1000);
    const change = await beingJudged('again');
    await world.host.close(change);
    await world.status(change, ({ state }) => state === 'cancelled');
    await world.settled();
    await world.host.reopen(change);

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('refused, closed and opened again — data that comes later is still noticed', async () => {
    const change = await world.propose('late', {
      'l.csv.dvc': await world.track('l.csv', 'late\n', 'not pushed'),
    });
    await world.status(change, ({ state }) => state === 'failure');
    await world.host.close(change);
    await world.settled();
    await world.host.reopen(change);
    await world.settled();
    world.push('late\n');

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('another target branch — judged against that one', async () => {
    const pointer = await world.track('t.csv', 'target\n', 'not pushed');
    await world.host.commit(world.repository, 'has-it', { 't.csv.dvc': pointer });
    const change = await world.propose('retargeted', { 't.csv.dvc': pointer });
    await world.status(change, ({ state }) => state === 'failure');

    await world.host.edit(change, { target: 'has-it' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('another target branch while it is judged — the verdict on the first is never shown', async () => {
    slow(1200);
    const pointer = await world.track('u.csv', 'target too\n', 'not pushed');
    await world.host.commit(world.repository, 'has-this', { 'u.csv.dvc': pointer });
    const change = await world.propose('turned', { 'u.csv.dvc': pointer });
    await world.status(change, ({ state }) => state === 'running');

    await world.host.edit(change, { target: 'has-this' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });
    expect(world.host.statuses(change).filter(({ state }) => state === 'failure')).toEqual([]);
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
