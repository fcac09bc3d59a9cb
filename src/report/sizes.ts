const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

/** Bytes for people, in powers of 1000 and at most three digits: `999 B`, `1.23 kB`, `45.6 MB`. */
export function humanBytes(bytes: number): string {
  let value = Math.abs(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return `${bytes < 0 ? '−' : ''}${value.toFixed(digits)} ${units[unit]}`;
}

/** A growth or shrinkage with its sign, and its share where there was something before: `+1.20 MB (+12 %)`. */
export function sizeChange(before: number, after: number): string {
  const delta = after - before;
  if (delta === 0) return 'same size';
  const sign = delta > 0 ? '+' : '';
  if (before === 0) return `${sign}${humanBytes(delta)}`;
  const share = (delta / before) * 100;
  const rounded = Math.abs(share) < 1 ? '<1' : String(Math.round(Math.abs(share)));
  return `${sign}${humanBytes(delta)} (${delta > 0 ? '+' : '−'}${rounded} %)`;
}
