/** A moment as answers and payloads write it: to the second. */
export function time(at: Date): string;
export function time(at: Date | undefined): string | null;
export function time(at: Date | undefined): string | null {
  return at === undefined ? null : `${at.toISOString().slice(0, 19)}Z`;
}

/** Whole seconds since 1970, as a few payloads have it. */
export function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
