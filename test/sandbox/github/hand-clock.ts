/** A clock that stands still until it is moved. */
export interface HandClock {
  now(): Date;
  advance(ms: number): void;
}

/** Starts at a fixed moment. */
export function handClock(): HandClock {
  let at = Date.UTC(2026, 2, 1, 12);
  return { now: () => new Date(at), advance: (ms) => void (at += ms) };
}
