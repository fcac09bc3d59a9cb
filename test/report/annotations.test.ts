import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decision.ts';
import type { Finding } from '../../src/domain/finding.ts';
import { annotationsOf } from '../../src/report/annotations.ts';
import { statusOf } from '../../src/report/status.ts';
import { sampleFinding, sampleRun } from '../support/sample-run.ts';
import { judgement } from './judgements.ts';

const of = (findings: readonly Finding[], mode: 'blocking' | 'advisory' | 'new-only' = 'blocking') =>
  annotationsOf(judgement({ mode, checks: [{ check: 'data', findings }] }));
const finding = (fields: Partial<Finding> = {}): Finding => sampleFinding({ file: 'd.dvc', ...fields });
const place = (line: number, column: number, endLine: number, endColumn: number) => ({
  line,
  column,
  endLine,
  endColumn,
});

describe('where an annotation is', () => {
  test.each<[string, Finding['place'], object]>([
    ['a word', place(2, 3, 2, 9), { startLine: 2, endLine: 2, columns: { start: 3, end: 8 } }],
    ['one character', place(2, 3, 2, 4), { startLine: 2, endLine: 2, columns: { start: 3, end: 3 } }],
    [
      'nothing between two characters',
      place(2, 3, 2, 3),
      { startLine: 2, endLine: 2, columns: { start: 3, end: 3 } },
    ],
    ['the beginning of a file', place(1, 1, 1, 1), { startLine: 1, endLine: 1 }],
    ['several lines', place(2, 3, 4, 2), { startLine: 2, endLine: 4, columns: undefined }],
    ['whole lines, up to the next', place(2, 1, 4, 1), { startLine: 2, endLine: 3, columns: undefined }],
    [
      'a whole line, up to the next',
      place(2, 5, 3, 1),
      { startLine: 2, endLine: 2, columns: { start: 5, end: 5 } },
    ],
    ['no place', undefined, { startLine: 1, endLine: 1, columns: undefined }],
  ])('%s — is told in lines and columns that include their end', (_, where, told) => {
    expect(of([finding({ place: where })]).annotations).toMatchObject([{ path: 'd.dvc', ...told }]);
  });
});

describe('how grave it is', () => {
  test.each<[string, Partial<Finding>, 'blocking' | 'advisory' | 'new-only', string]>([
    ['an error', { severity: 'error' }, 'blocking', 'failure'],
    ['a warning', { severity: 'warning' }, 'blocking', 'warning'],
    ['a note', { severity: 'note' }, 'blocking', 'notice'],
    ['an error where nothing blocks', { severity: 'error' }, 'advisory', 'warning'],
    [
      'an old error where only new ones block',
      { severity: 'error', origin: 'existing' },
      'new-only',
      'warning',
    ],
  ])('%s — decides the level', (_, fields, mode, level) => {
    expect(of([finding(fields)], mode).annotations).toMatchObject([{ level }]);
  });
});

describe('which findings have one', () => {
  test('what blocks — comes first, then warnings, then notes', () => {
    const findings = [
      finding({ file: 'a', severity: 'note' }),
      finding({ file: 'b', severity: 'error' }),
      finding({ file: 'c', severity: 'warning' }),
      finding({ file: 'd', severity: 'error' }),
    ];

    expect(of(findings).annotations.map(({ path }) => path)).toEqual(['b', 'd', 'c', 'a']);
  });

  test('a finding about no file, or in the target’s file alone — has none and is not missed', () => {
    expect(of([finding({ file: undefined }), finding({ tree: 'target' })])).toEqual({
      annotations: [],
      omitted: 0,
    });
  });

  test('a name that no JSON can carry — has none, and is counted', () => {
    expect(of([finding({ file: 'a\udcff.dvc' }), finding({ file: '😀.dvc' })])).toMatchObject({
      annotations: [{ path: '😀.dvc' }],
      omitted: 1,
    });
  });

  test('more than 200 — the first 200, and how many are left', () => {
    const many = Array.from({ length: 203 }, (_, n) => finding({ file: `${n}.dvc` }));

    expect(of(many).annotations).toHaveLength(200);
    expect(of(many).omitted).toBe(3);
  });
});

describe('what it says', () => {
  test('message, comparison, repair, origin — line by line', () => {
    const [one] = of([
      finding({
        message: 'It is\nnot there.',
        compared: [{ what: 'size', expected: '4', actual: '5' }],
        repair: 'dvc push d.dvc',
        origin: 'existing',
      }),
    ]).annotations;

    expect(one?.message).toBe(
      'It is not there.\nsize: expected 4, found 5\n\nTo repair:\ndvc push d.dvc\n\nThe target branch has this too.',
    );
  });

  test('a message without end — is cut', () => {
    expect(
      of([finding({ message: 'x'.repeat(100_000) })]).annotations[0]?.message.length,
    ).toBeLessThanOrEqual(8000);
  });
});

describe('the details of a status', () => {
  const shown = { url: 'https://gate.example/runs/1', disclose: 'names' } as const;
  const run = (count: number) => {
    const findings = Array.from({ length: count }, (_, n) =>
      finding({ file: `${n}.dvc`, message: 'x'.repeat(900) }),
    );
    const judged = judgement({ checks: [{ check: 'data', findings }] });
    return { ...sampleRun(), state: 'judged', judgement: judged, decision: decide(judged) } as const;
  };

  test('more findings than annotations — the summary says how many, and is cut where it ends', () => {
    const { details, evaluation } = statusOf(run(500), shown);

    expect(details?.annotations).toHaveLength(200);
    expect(details?.summary).toMatch(/^\*\*300 more findings\*\* could not be shown/);
    expect(details?.summary.length).toBeLessThanOrEqual(60_000);
    expect(evaluation).toBe(run(1).id);
  });

  test('counts alone — names no file beside a line', () => {
    const { details } = statusOf(run(3), { ...shown, disclose: 'counts' });

    expect(details?.annotations).toEqual([]);
    expect(details?.summary).not.toContain('.dvc');
  });

  test('a run that goes on — has none', () => {
    expect(statusOf({ ...run(1), state: 'running' }, shown).details).toBeUndefined();
  });
});
