/** Random numbers that a seed repeats. */
export interface Random {
  /** From 0 up to 1. */
  next(): number;
  /** Whether something happens that has this chance. */
  chance(of: number): boolean;
  /** A whole number below. */
  below(limit: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
}

/** Mulberry32: 32 bits of state, good enough for stories. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    next,
    chance: (of) => next() < of,
    below,
    pick: (from) => from[below(from.length)] ?? from[0],
  };
}
