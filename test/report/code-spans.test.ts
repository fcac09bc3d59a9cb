import { expect, test } from 'vitest';
import { sentence } from '../../src/report/markdown.ts';
import { codeSpans } from '../../src/report/text.ts';

test.each([
  ['`a.csv` is not in remote `st`', ['[a.csv]', ' is not in remote ', '[st]']],
  ['no code at all', ['no code at all']],
  ['a ` alone', ['a ` alone']],
  ['`a` and ` alone', ['[a]', ' and ` alone']],
  ['three ``` of them', ['three ', '``', '` of them']],
  ['', []],
])('code in a sentence — %j', (text, expected) => {
  expect(codeSpans(text).map((span) => (span.isCode ? `[${span.text}]` : span.text))).toEqual(expected);
});

test('a name with backticks of its own — is one code', () => {
  const message = '`d/a`b.csv` is not in remote `st`: see `d/a`b.csv.dvc`.';
  const names = ['d/a`b.csv.dvc', 'd/a`b.csv', 'a`b.csv'];
  expect(codeSpans(message, names).flatMap(({ text, isCode }) => (isCode ? [text] : []))).toEqual([
    'd/a`b.csv',
    'st',
    'd/a`b.csv.dvc',
  ]);
  expect(sentence(message, names)).toContain('``d/a`b.csv`` is not in remote `st`');
});

test('a sentence in Markdown — names are code, the rest is escaped', () => {
  expect(sentence('`n` is not in <b>')).toBe('`n` is not in &lt;b&gt;');
});
