import type { Row } from './row.ts';

/** One line for each variant, a column for each metric that any of them has. */
export function renderTable(rows: readonly Row[]): string {
  const metrics = [...new Set(rows.map(headOf))];
  const variants = [...new Set(rows.map((row) => row.variant))];
  const lines = variants.map((variant) => [
    variant,
    ...metrics.map((metric) => {
      const row = rows.find((one) => one.variant === variant && headOf(one) === metric);
      return row === undefined ? '' : String(row.value);
    }),
  ]);
  const table = [['', ...metrics], ...lines];
  const widths = metrics.map((_, index) => Math.max(...table.map((line) => line[index + 1]?.length ?? 0)));
  const first = Math.max(...variants.map((variant) => variant.length));
  return table
    .map(([name = '', ...cells]) => {
      const padded = cells.map((cell, index) => cell.padStart(widths[index] ?? 0));
      return `  ${[name.padEnd(first), ...padded].join('  ')}`.trimEnd();
    })
    .join('\n');
}

/** Ratios have a table of their own. */
export function renderRows(rows: readonly Row[]): string {
  const plain = rows.filter(({ unit }) => unit !== 'ratio');
  const ratios = rows.filter(({ unit }) => unit === 'ratio');
  return [plain, ratios]
    .filter((part) => part.length > 0)
    .map(renderTable)
    .join('\n\n');
}

function headOf({ metric, unit }: Row): string {
  return unit === '' || unit === 'ratio' ? metric : `${metric} ${unit}`;
}
