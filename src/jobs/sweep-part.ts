import type { Repository } from '../domain/repository.ts';

/** How often a sweep comes, at full intervals of the clock. Milliseconds. */
export const sweepEveryMs = 5 * 60_000;

/**
 * The repositories that the sweep of this moment asks about, where a host lets us ask about so many at once: half of them
 * are those in front, which were pushed to last, and half are the next of the others, so that everyone has their turn.
 */
export function partOf(
  repositories: readonly Repository[],
  atOnce: number | undefined,
  now: Date,
): readonly Repository[] {
  if (atOnce === undefined || repositories.length <= atOnce) return repositories;
  const half = Math.ceil(atOnce / 2);
  const others = repositories.slice(half).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const turn = Math.floor(now.getTime() / sweepEveryMs) % Math.ceil(others.length / half);
  return [...repositories.slice(0, half), ...others.slice(turn * half, (turn + 1) * half)];
}
