import { describe, expect, test } from 'vitest';
import { partOf, sweepEveryMs } from '../../src/jobs/sweep-part.ts';

const repositories = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ host: 'hub', id: String(index), path: `acme/${index}` }));
const at = (turn: number): Date => new Date(1_800_000_000_000 + turn * sweepEveryMs);

describe('the part of a sweep', () => {
  test.each([
    [5000, undefined, 5000],
    [80, 80, 80],
    [0, 80, 0],
    [5000, 80, 80],
  ])('%i repositories, %s at once — %i are asked about', (count, atOnce, asked) =>
    expect(partOf(repositories(count), atOnce, at(0))).toHaveLength(asked),
  );

  test('those in front — are asked about every time', () => {
    const all = repositories(500);
    for (const turn of [0, 1, 7]) expect(partOf(all, 80, at(turn)).slice(0, 40)).toEqual(all.slice(0, 40));
  });

  test.each([81, 120, 121, 5000])('%i repositories — everyone has a turn', (count) => {
    const all = repositories(count);
    const turns = Math.ceil((count - 40) / 40);
    const seen = new Set<string>();
    for (let turn = 0; turn < turns; turn += 1) for (const { id } of partOf(all, 80, at(turn))) seen.add(id);

    expect(seen.size).toBe(count);
  });
});
