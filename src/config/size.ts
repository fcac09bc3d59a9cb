const units = new Map([
  ['TiB', 2 ** 40],
  ['GiB', 2 ** 30],
  ['MiB', 2 ** 20],
  ['KiB', 2 ** 10],
  ['TB', 1e12],
  ['GB', 1e9],
  ['MB', 1e6],
  ['kB', 1e3],
  ['B', 1],
]);
const form = /^(\d{1,15}(?:\.\d{1,3})?)(B|kB|MB|GB|TB|KiB|MiB|GiB|TiB)?$/;

/** Bytes of `5MiB`, `1.5GB` or `4096`; undefined for any other text. */
export function parseSize(text: string): number | undefined {
  const [, amount, unit = 'B'] = form.exec(text) ?? [];
  const bytes = Math.round(Number(amount) * (units.get(unit) ?? Number.NaN));
  return Number.isSafeInteger(bytes) ? bytes : undefined;
}

/** A text that `parseSize` reads as these bytes, with a binary unit where it divides them: `5242880` is `5MiB`. */
export function formatSize(bytes: number): string {
  for (const [unit, size] of units) {
    if (unit.endsWith('iB') && bytes > 0 && bytes % size === 0) return `${bytes / size}${unit}`;
  }
  return String(bytes);
}
