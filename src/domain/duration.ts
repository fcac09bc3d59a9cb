const units = new Map([
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
]);
const form = /^(\d{1,9}(?:\.\d{1,3})?)(ms|s|m|h|d)$/;

/** Milliseconds of `500ms`, `30s`, `2m`, `1.5h` or `1d`; undefined for any other text. */
export function parseDuration(text: string): number | undefined {
  const [, amount, unit = ''] = form.exec(text) ?? [];
  return amount === undefined ? undefined : Math.round(Number(amount) * (units.get(unit) ?? Number.NaN));
}

/** A length of time as people say it, cut to its two largest units: `3h 20m`, `45s`. */
export function durationText(milliseconds: number): string {
  let left = Math.max(0, Math.floor(milliseconds / 1000)) * 1000;
  const parts: string[] = [];
  for (const [unit, size] of units) {
    if (unit === 'ms' || parts.length === 2) break;
    if (left < size && parts.length === 0) continue;
    parts.push(`${Math.floor(left / size)}${unit}`);
    left %= size;
  }
  return parts.length === 0
    ? '0s'
    : parts.filter((part, index) => index === 0 || !/^0\D/.test(part)).join(' ');
}

/** The shortest text that `parseDuration` reads as these milliseconds: `90000` is `90s`, `3600000` is `1h`. */
export function formatDuration(milliseconds: number): string {
  for (const [unit, size] of units) {
    if (milliseconds > 0 && milliseconds % size === 0) return `${milliseconds / size}${unit}`;
  }
  return `${milliseconds}ms`;
}
