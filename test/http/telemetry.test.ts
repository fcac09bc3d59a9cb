import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { jobTable } from '../../src/jobs/table.ts';
import { createTelemetry } from '../../src/http/telemetry.ts';
import { counters, gauges, histograms, labelValues } from '../../src/http/telemetry-table.ts';
import type { CounterName, GaugeName, HistogramName } from '../../src/ports/telemetry.ts';
import { parseExposition } from '../support/exposition.ts';

const names = <Name extends string>(table: Readonly<Record<Name, unknown>>): readonly Name[] =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a table are its names
  Object.keys(table) as Name[];

/** Telemetry in which every figure has two series with awkward labels. */
function fullTelemetry() {
  const telemetry = createTelemetry();
  for (const value of ['plain', 'a"b\\c\nd,e="f"']) {
    const labels = Object.fromEntries(Object.keys(labelValues).map((name) => [name, value]));
    for (const name of names<CounterName>(counters)) telemetry.count(name, labels, 3);
    for (const name of names<GaugeName>(gauges)) telemetry.gauge(name, labels, 1.5e-7);
    for (const name of names<HistogramName>(histograms))
      for (const seconds of [0, 0.05, 7, 1e6]) telemetry.observe(name, labels, seconds);
  }
  return telemetry;
}

describe('the exposition format', () => {
  test('every figure with awkward labels — rendered — is what a strict reader takes', () => {
    const families = parseExposition(fullTelemetry().render());

    expect(families.map(({ name }) => name).toSorted()).toEqual(
      [...names(counters), ...names(gauges), ...names(histograms)].toSorted(),
    );
    expect(families.filter(({ samples }) => samples.length === 0)).toEqual([]);
    const webhooks = families.find(({ name }) => name === 'modelgate_webhook_received_total');
    expect(webhooks?.samples.map(({ value }) => value)).toEqual([3, 3]);
  });

  test('nothing counted yet — rendered — is the format, too', () => {
    expect(parseExposition(createTelemetry().render()).length).toBeGreaterThan(10);
  });

  test.each([
    ['a TYPE twice', 'a second TYPE', '# HELP a b\n# TYPE a gauge\n# TYPE a gauge\n'],
    ['a HELP twice', 'a second HELP', '# HELP a b\n# TYPE a gauge\na 1\n# HELP a b\n'],
    ['a series twice', 'has a series twice', '# HELP a b\n# TYPE a gauge\na{x="1"} 1\na{x="1"} 2\n'],
    ['a sample before its family', 'a sample outside its family', 'a 1\n'],
    ['a counter without _total', 'is named for another type', '# HELP a b\n# TYPE a counter\na 1\n'],
    ['a quote that is not escaped', 'not a label', '# HELP a b\n# TYPE a gauge\na{x="""} 1\n'],
    ['bounds out of order', 'le is out of order', histogram('le="2"', 'le="1"', 'le="+Inf"')],
    ['no +Inf', 'le is out of order', histogram('le="1"', 'le="2"')],
  ])('%s — read — is refused by the reader', (_what, why, text) => {
    expect(() => parseExposition(text)).toThrow(why);
  });
});

function histogram(...bounds: readonly string[]): string {
  const buckets = bounds.map((bound) => `h_bucket{${bound}} 1`);
  return `${['# HELP h x', '# TYPE h histogram', ...buckets, 'h_sum 1', 'h_count 1'].join('\n')}\n`;
}

describe('what peers measure', () => {
  test.each([
    ['webhook_received_total', ['host', 'event', 'result']],
    ['webhook_ack_seconds', ['host']],
    ['event_to_start_seconds', ['kind']],
    ['queue_depth', ['queue']],
    ['queue_oldest_seconds', ['queue']],
    ['check_seconds', ['check', 'verdict']],
    ['forge_requests_total', ['host', 'endpoint', 'code', 'cached']],
    ['forge_budget_remaining', ['host']],
    ['sweeper_last_success_timestamp', ['host']],
    ['sweeper_recovered_total', []],
  ])('%s — in the table — has its labels (specs peers 6)', (name, labels) => {
    const table: Readonly<Record<string, { readonly labels: readonly string[] }>> = {
      ...counters,
      ...gauges,
      ...histograms,
    };
    expect(table[`modelgate_${name}`]?.labels).toEqual(labels);
  });

  test('every label of the table — has its values described', () => {
    const used = [counters, gauges, histograms].flatMap((table) =>
      Object.values<{ readonly labels: readonly string[] }>(table).flatMap(({ labels }) => labels),
    );
    expect([...new Set(used)].filter((name) => !Object.hasOwn(labelValues, name))).toEqual([]);
  });
});

test('every kind of job — is among the values of its label', () => {
  const kinds = Object.keys(jobTable);
  expect(kinds.length).toBeGreaterThan(4);
  expect(kinds.filter((kind) => !labelValues.kind.includes(`\`${kind}\``))).toEqual([]);
});

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly labels: { readonly severity: string };
  readonly annotations: { readonly summary: string; readonly runbook: string };
}

describe('deploy/prometheus/alerts.yaml', () => {
  const root = new URL('../../', import.meta.url);
  const file: { readonly groups: readonly { readonly rules: readonly AlertRule[] }[] } = JSON.parse(
    JSON.stringify(load(readFileSync(new URL('deploy/prometheus/alerts.yaml', root), 'utf8'))),
  );
  const rules = file.groups.flatMap((group) => group.rules);
  const exposed = new Set(
    parseExposition(fullTelemetry().render()).flatMap(({ name, samples }) => [
      name,
      ...samples.map((sample) => sample.name),
    ]),
  );

  test('there are rules, each named once', () => {
    expect(rules.length).toBeGreaterThan(8);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
  });

  test.each(rules.map((rule) => [rule.alert, rule] as const))(
    '%s — names only figures and labels that there are, and a section of the runbook',
    (_name, { expr, annotations, labels, for: wait }) => {
      const used = expr.match(/modelgate_\w+/g) ?? [];
      expect(used.length).toBeGreaterThan(0);
      expect(used.filter((name) => !exposed.has(name))).toEqual([]);
      const matchers = [...expr.matchAll(/(\w+)(?:=~|!=|!~|=)"/g)].map((match) => match[1] ?? '');
      expect(matchers.filter((name) => !Object.hasOwn(labelValues, name))).toEqual([]);
      expect(wait).toMatch(/^\d+[smh]$/);
      expect(labels.severity).toMatch(/^(page|ticket)$/);
      const [page, anchor] = annotations.runbook.split('#');
      const headings = readFileSync(new URL(page ?? '', root), 'utf8').matchAll(/^#+ (.+)$/gm);
      const anchors = [...headings].map((match) => (match[1] ?? '').toLowerCase().replace(/[^\w]+/g, '-'));
      expect(anchors).toContain(anchor);
    },
  );
});
