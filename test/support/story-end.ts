import { expect } from 'vitest';
import { rowOfKey } from '../../src/adapters/redis/keys.ts';
import type { CommitStatus, MergeRequest, Note } from '../../src/sandbox/gitlab/state.ts';
import { statusesOf, storySecrets, type StoryWorld } from './story-world.ts';

/** What a merge request shows of us in the end. */
export interface Shown {
  readonly status: CommitStatus;
  readonly note: Note | undefined;
}

/** Waits for quiet and expects one visible status of ours in this state, and one note of ours or none. */
export async function expectShown(
  world: StoryWorld,
  change: MergeRequest,
  expected: { readonly status: CommitStatus['status']; readonly notes: 0 | 1; readonly sha?: string },
): Promise<Shown> {
  await world.settled();
  const visible = statusesOf(world.gitlab, change, expected.sha).filter((status) => !status.retried);
  expect(visible.map(({ status }) => status)).toEqual([expected.status]);
  const notes = ourNotes(world, change);
  expect(notes).toHaveLength(expected.notes);
  const [status] = visible;
  if (status === undefined) throw new Error('no status');
  return { status, note: notes[0] };
}

/** Comments of ours below the change. */
export function ourNotes(world: StoryWorld, change: MergeRequest): readonly Note[] {
  return world.gitlab.notes(change).filter((note) => note.author.bot);
}

/** What every story has to leave behind: a GitLab that was asked properly, a clean log, and a Redis with known keys. */
export async function expectClean(world: StoryWorld): Promise<void> {
  await world.settled();
  expect(world.violations).toEqual([]);
  expect(world.gitlab.quickActions).toEqual([]);
  const log = world.lines.join('');
  for (const secret of Object.values(storySecrets)) expect(log).not.toContain(secret);
  const keys = await world.redis.client.keys('*');
  expect(keys.length).toBeGreaterThan(0);
  expect(keys.filter((key) => rowOfKey('modelgate', key) === undefined)).toEqual([]);
}
