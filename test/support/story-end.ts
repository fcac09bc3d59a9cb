import { expect } from 'vitest';
import { rowOfKey } from '../../src/adapters/redis/keys.ts';
import type { StoryComment } from './hosts/story-host.ts';
import type { StoryChange, StoryStatus, StoryWorld } from './story-world.ts';

/** What a change shows of us in the end. */
export interface Shown {
  readonly status: StoryStatus;
  readonly comment: StoryComment | undefined;
}

/** Waits for quiet and expects one visible status of ours in this state, and one comment of ours or none. */
export async function expectShown(
  world: StoryWorld,
  change: StoryChange,
  expected: { readonly state: StoryStatus['state']; readonly comments: 0 | 1; readonly head?: string },
): Promise<Shown> {
  await world.settled();
  const visible = world.host.statuses(change, expected.head).filter(({ hidden }) => !hidden);
  expect(visible.map(({ state }) => state)).toEqual([expected.state]);
  const comments = ourComments(world, change);
  expect(comments).toHaveLength(expected.comments);
  const [status] = visible;
  if (status === undefined) throw new Error('no status');
  return { status, comment: comments[0] };
}

/** Comments of ours below the change. */
export function ourComments(world: StoryWorld, change: StoryChange): readonly StoryComment[] {
  return world.host.comments(change).filter(({ ours }) => ours);
}

/** What every story has to leave behind: a host that was asked properly, a clean log, and a Redis with known keys. */
export async function expectClean(world: StoryWorld): Promise<void> {
  await world.settled();
  expect(world.host.violations).toEqual([]);
  const log = world.lines.join('');
  expect(world.secrets().filter((secret) => log.includes(secret))).toEqual([]);
  const keys = await world.redis.client.keys('*');
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.filter((key) => rowOfKey('modelgate', key) === undefined)).toEqual([]);
}
