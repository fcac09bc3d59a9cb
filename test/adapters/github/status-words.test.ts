import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutBytes, cutText } from '../../../src/adapters/github/cut-text.ts';
import { toCheckWords, toStatusWords } from '../../../src/adapters/github/status-words.ts';
import type { Annotation } from '../../../src/domain/annotation.ts';
import type { Status } from '../../../src/ports/host.ts';

const url = 'https://gate.example/runs/1';
const status = (more: Partial<Status> = {}): Status => ({
  state: 'failure',
  description: 'no',
  url,
  ...more,
});
const annotation: Annotation = {
  path: 'data.dvc',
  startLine: 2,
  endLine: 2,
  columns: { start: 3, end: 9 },
  level: 'failure',
  title: 'data/missing-on-remote',
  message: 'It is not there.',
};

test.each<[Status['state'], string | undefined, string]>([
  ['running', undefined, 'pending'],
  ['success', 'success', 'success'],
  ['failure', 'failure', 'failure'],
  ['action-required', 'action_required', 'failure'],
  ['cancelled', 'cancelled', 'error'],
])('%s — is the conclusion %s and the state %s', (state, conclusion, shown) => {
  expect(toCheckWords(status({ state })).conclusion).toBe(conclusion);
  expect(toStatusWords(status({ state })).state).toBe(shown);
});

describe('a check', () => {
  test('without details — says its line as its summary too', () => {
    expect(toCheckWords(status())).toEqual({
      conclusion: 'failure',
      title: 'no',
      summary: 'no',
      url,
      externalId: '',
      annotations: [],
    });
  });

  test('with a finding — has it beside its line', () => {
    const words = toCheckWords(status({ details: { summary: '### no', annotations: [annotation] } }));

    expect(words.summary).toBe('### no');
    expect(words.annotations).toEqual([
      {
        path: 'data.dvc',
        start_line: 2,
        end_line: 2,
        start_column: 3,
        end_column: 9,
        annotation_level: 'failure',
        title: 'data/missing-on-remote',
        message: 'It is not there.',
      },
    ]);
  });

  test('with a finding of several lines — names no columns, which GitHub would refuse', () => {
    const lines = { ...annotation, endLine: 4, columns: undefined };
    const [fields] = toCheckWords(status({ details: { summary: '', annotations: [lines] } })).annotations;

    expect(fields).toMatchObject({ start_line: 2, end_line: 4 });
    expect(Object.keys(fields ?? {})).not.toContain('start_column');
  });

  test('any texts — are within what GitHub takes', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 }).map((part) => part.repeat(300));
    fc.assert(
      fc.property(text, text, text, (description, summary, message) => {
        const details = { summary, annotations: [{ ...annotation, title: description, message }] };
        const words = toCheckWords(status({ description, details }));
        const [fields] = words.annotations;

        expect(words.title.length).toBeLessThanOrEqual(255);
        expect(Buffer.byteLength(words.summary)).toBeLessThanOrEqual(65_535);
        expect(String(fields?.['title']).length).toBeLessThanOrEqual(255);
        expect(Buffer.byteLength(String(fields?.['message']))).toBeLessThanOrEqual(64 * 1024);
        expect(words.title).not.toMatch(/[\r\n]/);
        const line = toStatusWords(status({ description })).description;
        expect(line.length).toBeLessThanOrEqual(140);
        expect(line).not.toMatch(/[\r\n]/);
      }),
      { numRuns: 30 },
    );
  });
});

describe('what is cut', () => {
  test.each<[string, string, number, string]>([
    ['what fits', 'abc', 3, 'abc'],
    ['what does not', 'abcd', 3, 'ab…'],
    ['within a pair', 'ab😀cd', 4, 'ab…'],
    ['after a pair', 'a😀cd', 4, 'a😀…'],
  ])('%s — by characters', (_, text, longest, cut) => {
    expect(cutText(text, longest)).toBe(cut);
  });

  test.each<[string, string, number, string]>([
    ['what fits', 'äb', 3, 'äb'],
    ['what does not', 'abcdef', 5, 'ab…'],
    ['within a character of two bytes', 'aäcdef', 5, 'a…'],
    ['within one of four', 'a😀bcd', 7, 'a…'],
  ])('%s — by bytes', (_, text, longest, cut) => {
    expect(cutBytes(text, longest)).toBe(cut);
  });

  test('any text — is a beginning of it, no longer than asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 4, max: 40 }), (text, longest) => {
        const cut = cutBytes(text, longest);
        expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(longest);
        expect(cut === text || (cut.endsWith('…') && text.startsWith(cut.slice(0, -1)))).toBe(true);
      }),
    );
  });
});
