/** How long repeated attempts wait. */
export interface Backoff {
  /** The first wait is drawn from 0 to this; each further one from twice as much. Milliseconds. */
  readonly firstMs: number;
  readonly capMs: number;
}

/** The wait before attempt `attempt` (2 is the first repetition): exponential with full jitter, `random` in [0, 1). */
export function backoffMs(attempt: number, backoff: Backoff, random: () => number): number {
  const ceiling = Math.min(backoff.capMs, backoff.firstMs * 2 ** Math.max(0, attempt - 2));
  return Math.round(random() * ceiling);
}
