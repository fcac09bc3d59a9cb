import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createStoryWorld, runIdOf, type StoryWorld } from '../support/story-world.ts';
import { expectClean, expectShown } from '../support/story-end.ts';

// About our own clock, and slow: one host is enough.
describe('an evaluation that takes longer than it may', () => {
  let world: StoryWorld;
  beforeAll(async () => {
    const recheck = '{ after: [1s], then: 2s, until: 1h }';
    world = await createStoryWorld({ host: 'gitlab', recheck, config: 'limits: { evaluationMs: 2000 }' });
  });
  afterAll(() => world.close());

  test('a store that is slow for a while — could not decide, then decided by itself, with the same page', async () => {
    const quick = world.s3.fail({ when: () => true, fault: { kind: 'delay', ms: 4000 } });
    const change = await world.propose('slow', { 'd.dvc': await world.track('d.csv', 'slow\n', 'pushed') });
    const undecided = await world.status(change, ({ state }) => state === 'failure');
    expect(undecided.description).toBe(
      'could not decide: the evaluation took longer than it may; is judged again by itself',
    );
    quick();

    const decided = await world.status(change, ({ state }) => state === 'success');
    expect(runIdOf(decided)).toBe(runIdOf(undecided));
    await expectShown(world, change, { state: 'success', comments: 1 });
  });

  test('afterwards — everything is as it should be', () => expectClean(world));
});
