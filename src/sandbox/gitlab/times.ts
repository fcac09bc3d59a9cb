/** A moment as API answers write it. */
export function apiTime(at: Date): string;
export function apiTime(at: Date | undefined): string | null;
export function apiTime(at: Date | undefined): string | null {
  return at?.toISOString() ?? null;
}

/** A moment as webhook bodies write it: `2026-03-01 12:00:00 UTC`. */
export function hookTime(at: Date): string;
export function hookTime(at: Date | undefined): string | null;
export function hookTime(at: Date | undefined): string | null {
  if (at === undefined) return null;
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
