/** One measured figure. */
export interface Row {
  readonly bench: string;
  /** What was measured: `modelgate`, `probot`; `modelgate / probot` for a ratio. */
  readonly variant: string;
  /** What of it: `cpu-min`, `latency-p99`. */
  readonly metric: string;
  readonly value: number;
  /** `us`, `ms`, `s`, `MB`, `1/s`, `ratio`, or nothing for counts. */
  readonly unit: string;
}

/** A bench: measures and says what it does meanwhile. */
export type Bench = (sizes: 'full' | 'quick', tell: (text: string) => void) => Promise<readonly Row[]>;

/** Makes the rows of one variant from figures by metric and unit: `{ 'cpu-min us': 412 }`. */
export function rowsOf(
  bench: string,
  variant: string,
  figures: Readonly<Record<string, number>>,
): readonly Row[] {
  return Object.entries(figures).map(([name, value]) => {
    const [metric = name, unit = ''] = name.split(' ');
    return { bench, variant, metric, value: rounded(value), unit };
  });
}

/** One variant's figure over another's, where both were measured. */
export function ratioOf(rows: readonly Row[], metric: string, over: string, under: string): readonly Row[] {
  const valueOf = (variant: string): number | undefined =>
    rows.find((row) => row.variant === variant && row.metric === metric)?.value;
  const [top, bottom] = [valueOf(over), valueOf(under)];
  const bench = rows[0]?.bench ?? '';
  if (top === undefined || bottom === undefined || bottom === 0) return [];
  return rowsOf(bench, `${over} / ${under}`, { [`${metric} ratio`]: top / bottom });
}

/** Three digits that count; more would be noise. */
function rounded(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}
