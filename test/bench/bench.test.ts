import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { measureCheck } from '../../bench/check/bench.ts';
import { least, median, percentile } from '../../bench/figures.ts';
import { measureIntake } from '../../bench/intake/bench.ts';
import { createBodyTemplate } from '../../bench/intake/payload.ts';
import { rowsOf, ratioOf, type Bench, type Row } from '../../bench/row.ts';
import { run } from '../../bench/run.ts';
import { renderRows } from '../../bench/table.ts';
import { measureVerdict } from '../../bench/verdict/bench.ts';
import { measureModels } from '../../bench/models/bench.ts';
import { measurePages } from '../../bench/pages/bench.ts';
import { measureYaml } from '../../bench/yaml/bench.ts';

let directory = '';
beforeAll(async () => void (directory = await mkdtemp(join(tmpdir(), 'modelgate-bench-test-'))));
afterAll(() => rm(directory, { recursive: true, force: true }));

const quiet = (): void => undefined;
const figures: Bench = (sizes) =>
  Promise.resolve(rowsOf('one', 'ours', { 'cpu-min us': sizes === 'quick' ? 1 : 2, jobs: 3 }));
const benches = {
  one: () => Promise.resolve(figures),
  other: (): Promise<Bench> => Promise.reject(new Error('it was not asked for')),
};

describe('the command line of the benches', () => {
  test('--only and --json — one bench of two — runs that one and writes its rows', async () => {
    const file = join(directory, 'rows.json');
    const printed: string[] = [];
    await run(['--only', 'one', '--quick', '--json', file], benches, (text) => printed.push(text));
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual([
      { bench: 'one', variant: 'ours', metric: 'cpu-min', value: 1, unit: 'us' },
      { bench: 'one', variant: 'ours', metric: 'jobs', value: 3, unit: '' },
    ]);
    expect(printed.join('')).toContain('cpu-min us');
  });

  test('--only — a bench that does not exist — says which do', async () => {
    await expect(run(['--only', 'speed'], benches, quiet)).rejects.toThrow(
      'there is no bench speed: one, other',
    );
  });

  test('--help — no bench is run', async () => {
    const printed: string[] = [];
    expect(await run(['--help'], benches, (text) => printed.push(text))).toEqual([]);
    expect(printed.join('')).toContain('--only NAME');
  });
});

describe('figures', () => {
  test.each([
    ['least', least([3, 1, 2]), 1],
    ['median of an odd number', median([3, 1, 2]), 2],
    ['median of an even number is the lower middle', median([4, 1, 3, 2]), 2],
    ['p50', percentile([1, 2, 3, 4], 0.5), 3],
    ['p99 of few values is the largest', percentile([5, 1], 0.99), 5],
  ])('%s', (_what, value, expected) => {
    expect(value).toBe(expected);
  });

  test('a ratio — one variant was not measured — there is none', () => {
    const rows = rowsOf('intake', 'modelgate', { 'cpu-min us': 300 });
    expect(ratioOf(rows, 'cpu-min', 'modelgate', 'probot')).toEqual([]);
  });

  test('a table — variants with different metrics — leaves the cells empty', () => {
    const rows = [...rowsOf('b', 'one', { 'cpu us': 1 }), ...rowsOf('b', 'other', { 'wall ms': 22 })];
    expect(renderRows(rows).split('\n')).toEqual([
      '         cpu us  wall ms',
      '  one         1',
      '  other               22',
    ]);
  });
});

describe('webhook bodies', () => {
  test('a template — two merge requests — have one length, and numbers and heads of their own', () => {
    const template = createBodyTemplate(24 * 1024);
    const [one, other] = [10_000_001, 10_000_002].map((iid) => template.body(iid));
    const read = (body: Buffer | undefined) => JSON.parse(String(body)).object_attributes;
    expect([one?.length, other?.length]).toEqual([24_576, 24_576]);
    expect([read(one).iid, read(other).iid]).toEqual([10_000_001, 10_000_002]);
    expect(read(one).last_commit.id).not.toBe(read(other).last_commit.id);
    expect(read(one).last_commit.id).toMatch(/^[0-9a-f]{40}$/);
  });
});

describe('benches on tiny sizes', () => {
  test('intake — every delivery makes a job, and every variant has its figures', async () => {
    const rows = await measureIntake({ rounds: 2, requests: 40, pacedRounds: 1, pacedRequests: 20 }, quiet);
    for (const variant of ['node', 'fastify', 'modelgate', 'modelgate-token', 'probot'])
      for (const metric of ['cpu-min', 'cpu-median', 'throughput-median', 'latency-p50', 'latency-p99'])
        expect(valueOf(rows, variant, metric), `${variant} ${metric}`).toBeGreaterThan(0);
    expect(valueOf(rows, 'modelgate', 'redis-cpu-min')).toBeGreaterThan(0);
    expect(valueOf(rows, 'modelgate / probot', 'cpu-min')).toBeGreaterThan(0);
  }, 60_000);

  test('verdict — every change passes, and the parts are told', async () => {
    const rows = await measureVerdict({ inTurn: 2, atOnce: 2, traced: 1 }, quiet);
    expect(valueOf(rows, '2 in turn', 'p50')).toBeGreaterThan(0);
    expect(valueOf(rows, '2 at once', 'total')).toBeGreaterThan(0);
    expect(valueOf(rows, 'parts of one', 'git-fetch')).toBeGreaterThan(0);
    expect(valueOf(rows, 'parts of one', 's3-requests')).toBe(1);
  }, 60_000);

  test('check — all objects are proven on S3 and on a directory', async () => {
    const rows = await measureCheck({ times: 1, few: 2, files: 3, entries: 4 }, quiet);
    expect(valueOf(rows, '3 .dvc, S3', 's3-requests')).toBe(3);
    expect(valueOf(rows, 'one .dir of 4, S3', 's3-requests')).toBe(5);
    expect(valueOf(rows, '3 .dvc, directory', 'peak-rss')).toBeGreaterThan(0);
  }, 60_000);

  test('pages — every line comes to every open page', async () => {
    const rows = await measurePages({ findings: 20, rounds: 2, open: 5, lines: 4 }, quiet);
    expect(valueOf(rows, 'page of 20 findings / trivial template', 'render-min')).toBeGreaterThan(0);
    expect(valueOf(rows, '5 open, modelgate', 'cpu-each-line')).toBeGreaterThan(0);
    expect(valueOf(rows, '5 open, raw', 'delay-p99')).toBeGreaterThan(0);
  }, 60_000);

  test('models — every file is copied whole, both ways', async () => {
    const rows = await measureModels({ rounds: 1, largeBytes: 2_000_000, smallFiles: 3 }, quiet);
    for (const load of ['2 MB', '3 small files'])
      expect(valueOf(rows, `modelgate, ${load} / raw, ${load}`, 'wall-min')).toBeGreaterThan(0);
  }, 60_000);

  test('yaml — both parsers read every input', async () => {
    const rows = await measureYaml({ mapBytes: 10_000, rounds: 1 }, quiet);
    expect(valueOf(rows, 'modelgate, map 10 KB', 'parse-min')).toBeGreaterThan(0);
    expect(valueOf(rows, 'js-yaml, map 10 KB', 'parse-min')).toBeGreaterThan(0);
  });
});

function valueOf(rows: readonly Row[], variant: string, metric: string): number | undefined {
  return rows.find((row) => row.variant === variant && row.metric === metric)?.value;
}
