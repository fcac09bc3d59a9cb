import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { MergeRequest } from '../../src/sandbox/gitlab/state.ts';
import { createStoryWorld, runIdOf, statusesOf, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';
import { eventually } from '../support/redis.ts';

describe('what is lost', () => {
  let world: StoryWorld;
  beforeAll(async () => void (world = await createStoryWorld({ timing: { sweepMs: 1000 } })));
  afterAll(() => world.close());

  async function refused(name: string): Promise<MergeRequest> {
    const pointer = await world.track('d.csv', `${name}\n`, 'not pushed');
    const change = await world.propose(name, { [`${name}.dvc`]: pointer });
    await world.status(change, ({ status }) => status === 'failed');
    await expectShown(world, change, { status: 'failed', notes: 1 });
    return change;
  }

  /** Whether the records of the change are there again. */
  function isKnown(change: MergeRequest): Promise<boolean> {
    const key = `modelgate:subject:change/gitlab/${change.project.id}/${change.iid}`;
    return world.redis.client.exists(key).then((count) => count === 1);
  }

  test('Redis is emptied after a verdict — the next webhook gives the same run, and no second note', async () => {
    const change = await refused('emptied');
    const before = runIdOf(statusesOf(world.gitlab, change).at(-1)!);
    await world.redis.flush();
    await world.gitlab.editMergeRequest(change, { title: 'Another title' });

    await eventually('the record', () => isKnown(change));
    const { status } = await expectShown(world, change, { status: 'failed', notes: 1 });
    expect(runIdOf(status)).toBe(before);
  });

  test('Redis is emptied between two looks — the sweep goes on with them', async () => {
    const change = await refused('between-looks');
    const before = runIdOf(statusesOf(world.gitlab, change).at(-1)!);
    await world.redis.flush();

    await eventually('the record', () => isKnown(change));
    const { status } = await expectShown(world, change, { status: 'failed', notes: 1 });
    expect(runIdOf(status)).toBe(before);
    world.push('between-looks\n');
    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 1 });
  });

  test('Redis is emptied while a change is judged — it is judged again', async () => {
    const quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 1000 }, times: 2 });
    const change = await world.propose('midst', { 'm.dvc': await world.track('m.csv', 'midst\n', 'pushed') });
    await world.status(change, ({ status }) => status === 'running');
    await world.redis.flush();

    await world.status(change, ({ status }) => status === 'success');
    quick();
    await expectShown(world, change, { status: 'success', notes: 1 });
  });

  test('Redis is gone and comes back empty — deliveries are refused meanwhile, and the sweep finds them', async () => {
    const earlier = await refused('earlier');
    await world.redis.stop();
    const change = await world.propose('meanwhile', {
      'd.dvc': await world.track('d.csv', 'meanwhile\n', 'pushed'),
    });
    await world.gitlab.idle();
    expect(world.gitlab.deliveries.at(-1)?.responseStatus).toBe(503);
    await world.redis.start();

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 1 });
    await eventually('the record', () => isKnown(earlier));
    await expectShown(world, earlier, { status: 'failed', notes: 1 });
  });

  test('Redis is full while a change is judged — the log says so, as no defect, and it is judged afterwards', async () => {
    const quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 700 }, times: 2 });
    const change = await world.propose('full', { 'f.dvc': await world.track('f.csv', 'full\n', 'pushed') });
    await world.status(change, ({ status }) => status === 'running');
    const before = world.lines.length;
    await world.redis.fill();
    const since = (): string => world.lines.slice(before).join('');
    await eventually('the log says so', () => since().includes('"reason":"Redis is full: OOM'));
    await world.redis.drain();

    await world.status(change, ({ status }) => status === 'success');
    quick();
    expect(since()).not.toContain('a defect of modelgate');
    await expectShown(world, change, { status: 'success', notes: 1 });
  });

  test('the same delivery is sent again — nothing new', async () => {
    const change = await refused('resent');
    const opened = world.gitlab.deliveries.findLast(({ trigger }) => trigger === 'Merge Request Hook');

    const again = await world.gitlab.resend(opened!.id);

    expect(again.responseStatus).toBe(200);
    await expectShown(world, change, { status: 'failed', notes: 1 });
    expect(world.lines.filter((line) => line.includes('"result":"duplicate"'))).toHaveLength(1);
  });

  test('webhooks never arrive — the sweep finds the open change, and the newer head', async () => {
    world.project.hooks.splice(0);
    world.gitlab.addHook(world.project, { url: 'http://127.0.0.1:9/webhooks/gitlab', secretToken: 'x' });
    const change = await world.propose('unheard', { 'NOTES.md': 'unheard\n' });

    await world.status(change, ({ status }) => status === 'success');
    await expectShown(world, change, { status: 'success', notes: 0 });

    const older = change.sha;
    await world.gitlab.commit(world.project, 'unheard', { 'NOTES.md': 'once more\n' }, 'newer');
    await world.status(change, ({ status }) => status === 'success');
    expect(change.sha).not.toBe(older);
    await expectShown(world, change, { status: 'success', notes: 0 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
