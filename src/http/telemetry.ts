import type { GaugeName, Labels, Telemetry } from '../ports/telemetry.ts';
import { counters, gauges, histograms } from './telemetry-table.ts';
import type { TelemetryDescription } from './telemetry-table.ts';

/** Telemetry that Prometheus can read. */
export interface ExposedTelemetry extends Telemetry {
  /** The text exposition format, version 0.0.4. */
  render(): string;
  /** Tells nothing of the figure until it is told again: what is not known any more is not as it was. */
  forget(name: GaugeName): void;
}

/** Series of one figure; further ones are not kept, so that a mistake with labels cannot fill the memory. */
const mostSeries = 500;

interface Distribution {
  /** One for each bucket, not cumulated, and one for what is beyond the last. */
  readonly counts: number[];
  sum: number;
}

/** Figures in memory, from zero at the start of the process. */
export function createTelemetry(): ExposedTelemetry {
  const values = new Map<string, Map<string, number>>();
  const distributions = new Map<string, Map<string, Distribution>>();

  return {
    count(name, labels, by = 1) {
      change(seriesOf(values, name), labelText(counters[name], labels), (before = 0) => before + by);
    },
    gauge(name, labels, value) {
      change(seriesOf(values, name), labelText(gauges[name], labels), () => value);
    },
    observe(name, labels, seconds) {
      const { buckets } = histograms[name];
      change(
        seriesOf(distributions, name),
        labelText(histograms[name], labels),
        (before = { counts: [...buckets, 0].map(() => 0), sum: 0 }) => {
          const bucket = buckets.findIndex((bound) => seconds <= bound);
          const index = bucket === -1 ? buckets.length : bucket;
          before.counts[index] = (before.counts[index] ?? 0) + 1;
          before.sum += seconds;
          return before;
        },
      );
    },
    forget: (name) => void values.delete(name),
    render() {
      const lines: string[] = [];
      for (const [name, { help }] of Object.entries<TelemetryDescription>(counters)) {
        lines.push(...simple(name, 'counter', help, values.get(name)));
      }
      for (const [name, { help }] of Object.entries<TelemetryDescription>(gauges)) {
        lines.push(...simple(name, 'gauge', help, values.get(name)));
      }
      for (const [name, { help, buckets }] of Object.entries(histograms)) {
        lines.push(...head(name, 'histogram', help));
        for (const [labels, distribution] of distributions.get(name) ?? []) {
          lines.push(...spread(name, labels, buckets, distribution));
        }
      }
      return `${lines.join('\n')}\n`;
    },
  };
}

function seriesOf<Value>(figures: Map<string, Map<string, Value>>, name: string): Map<string, Value> {
  const series = figures.get(name) ?? new Map<string, Value>();
  figures.set(name, series);
  return series;
}

function change<Value>(
  series: Map<string, Value>,
  labels: string,
  next: (before: Value | undefined) => Value,
): void {
  if (series.has(labels) || series.size < mostSeries) series.set(labels, next(series.get(labels)));
}

/** `host="corp",result="accepted"`, in the order of the description; labels that are not described are left out. */
function labelText({ labels: names }: TelemetryDescription, labels: Labels): string {
  return names.map((name) => `${name}="${escapeLabel(labels[name] ?? '')}"`).join(',');
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}

function head(name: string, type: string, help: string): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`];
}

function simple(
  name: string,
  type: string,
  help: string,
  series: ReadonlyMap<string, number> = new Map(),
): readonly string[] {
  return [
    ...head(name, type, help),
    ...[...series].map(([labels, value]) => `${name}${braces(labels)} ${value}`),
  ];
}

function spread(
  name: string,
  labels: string,
  buckets: readonly number[],
  { counts, sum }: Distribution,
): readonly string[] {
  const comma = labels === '' ? '' : `${labels},`;
  let total = 0;
  const lines = [...buckets.map(String), '+Inf'].map((bound, index) => {
    total += counts[index] ?? 0;
    return `${name}_bucket{${comma}le="${bound}"} ${total}`;
  });
  return [...lines, `${name}_sum${braces(labels)} ${sum}`, `${name}_count${braces(labels)} ${total}`];
}

function braces(labels: string): string {
  return labels === '' ? '' : `{${labels}}`;
}
