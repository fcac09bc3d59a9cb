import { describe, expect, test } from 'vitest';
import { playSeed } from '../../support/release/play-seed.ts';

/** `SEEDS=4711` plays one again, `SEEDS=1000..2000` a range. */
const { SEEDS = '1..200' } = process.env;
const [first = 1, last = first] = SEEDS.split('..').map(Number);
const seeds = Array.from({ length: last - first + 1 }, (_, index) => first + index);

describe('releases on bad days: whatever goes wrong, and whoever dies', () => {
  // Ten to a test: what is printed of a failure names its seed.
  const batches = Array.from({ length: Math.ceil(seeds.length / 10) }, (_, at) =>
    seeds.slice(at * 10, at * 10 + 10),
  );

  test.each(batches.map((batch) => [batch[0], batch.at(-1), batch] as const))(
    'seeds %i to %i — no run twice, nothing unproven in service, no release lost',
    async (_first, _last, batch) => {
      for (const seed of batch) {
        const played = await playSeed(seed);

        expect(played.broken, `seed ${seed}: SEEDS=${seed} plays it again\n${played.told}`).toEqual([]);
      }
    },
    120_000,
  );
});
