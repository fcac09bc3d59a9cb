import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { counters, gauges, histograms, labelValues, resultValues } from '../../src/http/telemetry-table.ts';
import type { HistogramDescription, TelemetryDescription } from '../../src/http/telemetry-table.ts';

interface Alert {
  readonly name: string;
  readonly expr: string;
}

const alertsFile = new URL('../prometheus/alerts.yaml', import.meta.url);

/** The tables of `docs/telemetry.md`: every figure with its labels, its meaning and the alerts that watch it. */
export function telemetryTables(): string {
  const alerts = readAlerts();
  return [
    '### Counters',
    table(counters, alerts),
    '### Gauges',
    table(gauges, alerts),
    '### Histograms',
    'Each has `_bucket`, `_sum` and `_count`. Seconds.',
    table(histograms, alerts),
    '### Labels',
    rows(
      ['label', 'values'],
      Object.entries(labelValues).map(([name, values]) => [code(name), values]),
    ),
    'Values of `result`:',
    rows(
      ['figure', 'values'],
      Object.entries(resultValues).map(([name, values]) => [code(name), values]),
    ),
  ].join('\n\n');
}

function table(
  figures: Readonly<Record<string, TelemetryDescription | HistogramDescription>>,
  alerts: readonly Alert[],
): string {
  const lines = Object.entries(figures).map(([name, figure]) => {
    const watching = alerts.filter(({ expr }) => new RegExp(`${name}(?![a-z_])|${name}_bucket`).test(expr));
    const labels = figure.labels.map(code).join(', ');
    const buckets = 'buckets' in figure ? ` Up to ${figure.buckets.join(', ')}.` : '';
    return [
      code(name),
      labels,
      `${figure.help}${buckets}`,
      watching.map((alert) => code(alert.name)).join(', '),
    ];
  });
  return rows(['figure', 'labels', 'meaning', 'alerts'], lines);
}

function rows(headings: readonly string[], lines: readonly (readonly string[])[]): string {
  return [headings, headings.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`)
    .join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function readAlerts(): readonly Alert[] {
  const file: { readonly groups: readonly { readonly rules: readonly { alert: string; expr: string }[] }[] } =
    JSON.parse(JSON.stringify(load(readFileSync(alertsFile, 'utf8'))));
  return file.groups.flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ name: alert, expr })));
}
