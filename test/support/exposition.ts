/** One family of the text exposition format, version 0.0.4. */
export interface Family {
  readonly name: string;
  readonly type: string;
  readonly help: string;
  readonly samples: readonly Sample[];
}

export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const metric = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const label = /^[a-zA-Z_][a-zA-Z0-9_]*$/;

/**
 * Reads the format as strictly as promtool judges it: HELP and TYPE once and before the samples, families not torn apart,
 * no series twice, counters named `_total`, buckets in order, cumulated, and ending in +Inf with the count.
 */
export function parseExposition(text: string): readonly Family[] {
  if (!text.endsWith('\n')) throw new Error('the last line has no line break');
  const families = new Map<string, { help: string; type: string; samples: Sample[] }>();
  let current: string | undefined;
  for (const [index, line] of text.slice(0, -1).split('\n').entries()) {
    const at = `line ${index + 1}: ${line}`;
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.*)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (families.has(name)) throw new Error(`a second HELP, ${at}`);
      if (!metric.test(name)) throw new Error(`no name, ${at}`);
      if (rest.trim() === '') throw new Error(`no help, ${at}`);
      families.set(name, { help: rest, type: '', samples: [] });
      current = name;
    } else if (keyword === 'TYPE') {
      const family = families.get(name);
      if (family === undefined || current !== name) throw new Error(`TYPE does not follow its HELP, ${at}`);
      if (family.type !== '') throw new Error(`a second TYPE, ${at}`);
      if (!['counter', 'gauge', 'histogram'].includes(rest)) throw new Error(`no type, ${at}`);
      family.type = rest;
    } else {
      const sample = parseSample(line, at);
      const family = current === undefined ? undefined : families.get(current);
      if (family === undefined || !belongs(sample.name, current ?? '', family.type))
        throw new Error(`a sample outside its family, ${at}`);
      family.samples.push(sample);
    }
  }
  const found = [...families].map(([name, family]) => ({ name, ...family }));
  for (const family of found) check(family);
  return found;
}

function parseSample(line: string, at: string): Sample {
  const [, name = '', , inner = '', number = ''] =
    /^([^\s{]+)(\{(.*)\})? (-?[0-9.]+(?:e[+-]?\d+)?|[+-]Inf|NaN)$/.exec(line) ?? [];
  if (!metric.test(name)) throw new Error(`not a sample, ${at}`);
  const labels: Record<string, string> = {};
  let left = inner;
  while (left !== '') {
    const [whole, key = '', value = ''] = /^([^=]+)="((?:[^"\\\n]|\\["\\n])*)"(?:,(?=.)|$)/.exec(left) ?? [];
    if (whole === undefined || !label.test(key)) throw new Error(`not a label, ${at}`);
    if (Object.hasOwn(labels, key)) throw new Error(`a label twice, ${at}`);
    labels[key] = value;
    left = left.slice(whole.length);
  }
  return { name, labels, value: Number(number.replace('Inf', 'Infinity')) };
}

function belongs(sample: string, family: string, type: string): boolean {
  if (type !== 'histogram') return sample === family;
  return ['_bucket', '_sum', '_count'].some((end) => sample === `${family}${end}`);
}

function check({ name, type, samples }: Family): void {
  if (type === '') throw new Error(`${name} has no TYPE`);
  if ((type === 'counter') !== name.endsWith('_total')) throw new Error(`${name} is named for another type`);
  const keys = samples.map((sample) => `${sample.name}${seriesKey(sample.labels)}`);
  if (new Set(keys).size < keys.length) throw new Error(`${name} has a series twice`);
  if (type === 'histogram') checkHistogram(name, samples);
}

function seriesKey(labels: Sample['labels'], without?: string): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([key]) => key !== without)
      .map(([key, value]) => `${key}=${value}`)
      .toSorted(),
  );
}

function checkHistogram(name: string, samples: readonly Sample[]): void {
  const groups = new Map<string, Sample[]>();
  for (const sample of samples) {
    const key = seriesKey(sample.labels, 'le');
    groups.set(key, [...(groups.get(key) ?? []), sample]);
  }
  for (const group of groups.values()) {
    const buckets = group.filter((sample) => sample.name === `${name}_bucket`);
    const bounds = buckets.map(({ labels }) => Number(labels['le']?.replace('+Inf', 'Infinity')));
    const counts = buckets.map(({ value }) => value);
    const rising = (list: readonly number[], strictly: boolean): boolean =>
      list.every((value, at) => at === 0 || (strictly ? value > list[at - 1]! : value >= list[at - 1]!));
    if (!rising(bounds, true) || bounds.at(-1) !== Infinity) throw new Error(`${name}: le is out of order`);
    if (!rising(counts, false)) throw new Error(`${name}: buckets are not cumulated`);
    const count = group.find((sample) => sample.name === `${name}_count`)?.value;
    if (count !== counts.at(-1)) throw new Error(`${name}: +Inf is not the count`);
    if (!group.some((sample) => sample.name === `${name}_sum`)) throw new Error(`${name}: no sum`);
  }
}
