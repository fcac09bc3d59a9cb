import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createPalette } from '../../src/report/colour.ts';
import { ageText } from '../../src/report/reading.ts';
import { humanBytes, sizeChange } from '../../src/report/sizes.ts';
import { renderExcerpt } from '../../src/report/source-excerpt.ts';
import { harmlessJson, oneLine, plural, shorten, shortenPath } from '../../src/report/text.ts';
import { columns, wrap } from '../../src/report/wrap.ts';

describe('sizes', () => {
  test.each([
    [0, '0 B'],
    [999, '999 B'],
    [1000, '1.00 kB'],
    [1234, '1.23 kB'],
    [45_600_000, '45.6 MB'],
    [999_600, '1.00 MB'],
    [123_000_000_000, '123 GB'],
    [-1500, '−1.50 kB'],
    [9.9e18, '9900 PB'],
  ])('%d bytes — for people — are %s', (bytes, text) => {
    expect(humanBytes(bytes)).toBe(text);
  });

  test.each([
    [100, 100, 'same size'],
    [0, 1000, '+1.00 kB'],
    [1000, 1500, '+500 B (+50 %)'],
    [1000, 0, '−1.00 kB (−100 %)'],
    [1_000_000, 1_000_001, '+1 B (+<1 %)'],
  ])('%d to %d bytes — is told as %s', (before, after, text) => {
    expect(sizeChange(before, after)).toBe(text);
  });
});

describe('words', () => {
  test.each([
    [1, 'policy', '1 policy'],
    [2, 'policy', '2 policies'],
    [3, 'day', '3 days'],
    [0, 'error', '0 errors'],
  ])('%d %s — is %s', (count, word, text) => {
    expect(plural(count, word)).toBe(text);
  });

  test.each([
    [0, 'just now'],
    [59_000, 'just now'],
    [60_000, '1 minute ago'],
    [7_200_000, '2 hours ago'],
    [3 * 86_400_000, '3 days ago'],
    [400 * 86_400_000, '1 year ago'],
    [-5000, 'just now'],
  ])('%d ms — ago — is %s', (passed, text) => {
    const now = new Date('2026-11-22T12:00:00Z');
    expect(ageText(new Date(now.getTime() - passed), now)).toBe(text);
  });

  test('any text — on one line — holds no control and can be cut anywhere', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 30 }), (text, length) => {
        const line = oneLine(text);
        expect(line).not.toMatch(/\p{Cc}|\p{Cs}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
        expect(shorten(line, length).length).toBeLessThanOrEqual(length);
        expect(shortenPath(line, length).length).toBeLessThanOrEqual(length);
        expect(shorten(line, length)).not.toMatch(/\p{Cs}/u);
        expect(shortenPath(line, length)).not.toMatch(/\p{Cs}/u);
      }),
    );
  });

  test('any JSON — made harmless — is the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(harmlessJson(JSON.stringify(value, undefined, 2)))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
    );
    expect(harmlessJson(JSON.stringify({ a: '\u009b31m\u202e' }))).toBe('{"a":"\\u009b31m\\u202e"}');
  });

  test('any words — wrapped — are the same words, no line too wide unless it is one word', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ minLength: 1, maxLength: 12, unit: fc.constantFrom('a', 'ü', '漢') })),
        (words) => {
          const lines = wrap(words.join(' '), 20);
          expect(lines.join(' ')).toBe(words.join(' '));
          for (const line of lines) expect(columns(line) <= 20 || !line.includes(' ')).toBe(true);
        },
      ),
    );
  });
});

describe('an excerpt', () => {
  const palette = createPalette(false);

  test('wide characters and a tab — in front of the place — the caret stands below it', () => {
    const excerpt = { firstLine: 9, lines: ['\t漢字: value', 'next'] };
    const place = { line: 9, column: 6, endLine: 9, endColumn: 11 };
    expect(renderExcerpt(excerpt, place, 80, palette)).toEqual([
      ' 9 │  漢字: value',
      '   │        ^^^^^',
      '10 │ next',
    ]);
  });

  test('a place far to the right — in a long line — is brought into view', () => {
    const excerpt = { firstLine: 1, lines: [`${'x'.repeat(150)}HERE${'y'.repeat(40)}`] };
    const [line = '', caret = ''] = renderExcerpt(
      excerpt,
      { line: 1, column: 151, endLine: 1, endColumn: 155 },
      60,
      palette,
    );
    expect(line.length).toBeLessThanOrEqual(60);
    expect(line.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('HERE');
    expect(line).toMatch(/^1 │ …x+HEREy+…$/);
  });

  test.each([
    [{ line: 1, column: 99, endLine: 1, endColumn: 99 }],
    [{ line: 1, column: 1, endLine: 3, endColumn: 1 }],
    [{ line: 7, column: 1, endLine: 7, endColumn: 2 }],
  ])('a place beyond the lines — %j — does not fail', (place) => {
    expect(
      renderExcerpt({ firstLine: 1, lines: ['abc', 'd'] }, place, 80, palette).length,
    ).toBeGreaterThanOrEqual(2);
  });
});
