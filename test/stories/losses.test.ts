import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createStoryWorld,
  everyHost,
  runIdOf,
  type StoryChange,
  type StoryWorld,
} from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe.each(everyHost)('what is lost on $name', ({ host }) => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld({ host, timing: { sweepMs: 1000 } })));
  afterAll(() => world.close());

  async function refused(name: string): Promise<StoryChange> {
    const pointer = await world.track('d.csv', `${name}\n`, 'not pushed');
    const change = await world.propose(name, { [`${name}.dvc`]: pointer });
    await world.status(change, ({ state }) => state === 'failure');
    await expectShown(world, change, { state: 'failure', comments: 1 });
    return change;
  }

  const lastAbout = () => world.host.deliveries().findLast(({ aboutChange }) => aboutChange);

  /** Whether the records of the change are there again. */
  function isKnown(change: StoryChange): Promise<boolean> {
    const key = `modelgate:subject:change/${host}/${change.repository.id}/${change.number}`;
    return world.redis.client.exists(key).then((count) => count === 1);
  }

  test('Redis is emptied after a verdict — the next webhook gives the same run, and no second comment', async () => {
    const change = await refused('emptied');
    const before = runIdOf(world.host.statuses(change).at(-1));
    await world.redis.flush();
    await world.host.edit(change, { title: 'Another title' });

    await eventually('the record', () => isKnown(change));
    const { status } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(runIdOf(status)).toBe(before);
  });

  test('Redis is emptied between two looks — the sweep goes on with them', async () => {
    const change = await refused('between-looks');
    const before = runIdOf(world.host.statuses(change).at(-1));
    await world.redis.flush();

    await eventually('the record', () => isKnown(change));
    const { status } = await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(runIdOf(status)).toBe(before);
    world.push('between-looks\n');
    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('Redis is emptied while a change is judged — it is judged again', async () => {
    const quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 1000 }, times: 2 });
    const change = await world.propose('midst', { 'm.dvc': await world.track('m.csv', 'midst\n', 'pushed') });
    await world.status(change, ({ state }) => state === 'running');
    await world.redis.flush();

    await world.status(change, ({ state }) => state === 'success');
    quick();
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('Redis is gone and comes back empty — deliveries are refused meanwhile, and the sweep finds them', async () => {
    const earlier = await refused('earlier');
    await world.redis.stop();
    const change = await world.propose('meanwhile', {
      'd.dvc': await world.track('d.csv', 'meanwhile\n', 'pushed'),
    });
    await world.host.idle();
    expect(lastAbout()?.status).toBe(503);
    await world.redis.start();

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 1 });
    await eventually('the record', () => isKnown(earlier));
    await expectShown(world, earlier, { state: 'failure', comments: 1 });
  });

  test('Redis is full while a change is judged — the log says so, as no defect, and it is judged afterwards', async () => {
    const quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 700 }, times: 2 });
    const change = await world.propose('full', { 'f.dvc': await world.track('f.csv', 'full\n', 'pushed') });
    await world.status(change, ({ state }) => state === 'running');
    const before = world.lines.length;
    await world.redis.fill();
    const since = (): string => world.lines.slice(before).join('');
    await eventually('the log says so', () => since().includes('"reason":"Redis is full: OOM'));
    await world.redis.drain();

    await world.status(change, ({ state }) => state === 'success');
    quick();
    expect(since()).not.toContain('a defect of modelgate');
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('the same delivery is sent again — nothing new', async () => {
    const change = await refused('resent');
    const opened = lastAbout();

    const again = await world.host.redeliver(opened?.id ?? 0);

    expect(again).toBe(200);
    await expectShown(world, change, { state: 'failure', comments: 1 });
    expect(world.lines.filter((line) => line.includes('"result":"duplicate"'))).toHaveLength(1);
  });

  test('webhooks never arrive — the sweep finds the open change, and the newer head', async () => {
    world.host.disconnect();
    const change = await world.propose('unheard', { 'NOTES.md': 'unheard\n' });

    await world.status(change, ({ state }) => state === 'success');
    await expectShown(world, change, { state: 'success', comments: 0 });

    const older = change.head;
    await world.host.commit(world.repository, 'unheard', { 'NOTES.md': 'once more\n' });
    await world.status(change, ({ state }) => state === 'success');
    expect(change.head).not.toBe(older);
    await expectShown(world, change, { state: 'success', comments: 0 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
