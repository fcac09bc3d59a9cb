import { describe, expect, test } from 'vitest';
import { dvcScalars } from '../../../src/formats/yaml/scalars-dvc.ts';
import { problemsOf, read, valuesOf } from './read.ts';

describe('what texts mean', () => {
  test.each<[name: string, text: string, values: readonly unknown[]]>([
    ['empty', '', []],
    ['comments alone', '# nothing\n# here\n', []],
    ['an empty document', '---\n', [undefined]],
    ['an explicit null', '~', [null]],
    ['two documents', 'a: 1\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['a document after an end mark', 'a: 1\n...\n---\nb: 2\n', [{ a: 1 }, { b: 2 }]],
    ['windows line ends', 'a: 1\r\nb:\r\n  - x\r\n  - y\r\n', [{ a: 1, b: ['x', 'y'] }]],
    ['a byte order mark', '\uFEFFa: 1\n', [{ a: 1 }]],
    ['flow style', '{a: [1, two, "3"], b: {c: }}', [{ a: [1, 'two', '3'], b: { c: null } }]],
    ['JSON with tabs', '{\n\t"a": [\n\t\t1\n\t]\n}\n', [{ a: [1] }]],
    ['block texts', 'a: |\n  x\n  y\nb: >-\n  x\n  y\n', [{ a: 'x\ny\n', b: 'x y' }]],
    ['quotes', `a: 'it''s'\nb: "tab\\t\\u00e9"\n`, [{ a: "it's", b: 'tab\té' }]],
    ['an alias', 'a: &x {n: 1}\nb: *x\n', [{ a: { n: 1 }, b: { n: 1 } }]],
    ['a merge', 'd: &d {a: 1, b: 2}\ne: {<<: *d, b: 3}\n', [{ d: { a: 1, b: 2 }, e: { a: 1, b: 3 } }]],
    ['a merge below its own keys', 'd: &d {a: 1}\ne:\n  a: 2\n  <<: *d\n', [{ d: { a: 1 }, e: { a: 2 } }]],
    [
      'a merge of two, the earlier wins',
      'x: &x {a: 1}\ny: &y {a: 2, b: 2}\nz: {<<: [*x, *y]}\n',
      [{ x: { a: 1 }, y: { a: 2, b: 2 }, z: { a: 1, b: 2 } }],
    ],
    ['a quoted << is a key', 'a: {"<<": {b: 1}}\n', [{ a: { '<<': { b: 1 } } }]],
    [
      'standard tags',
      'a: !!str 1\nb: !!float 1\nc: !<tag:yaml.org,2002:int> 2\nd: ! 3\n',
      [{ a: '1', b: 1, c: 2, d: '3' }],
    ],
    [
      'prototype-like keys',
      '__proto__: 1\nconstructor: 2\n',
      [
        Object.fromEntries([
          ['__proto__', 1],
          ['constructor', 2],
        ]),
      ],
    ],
  ])('readYaml — %s — value', (_, text, values) => {
    expect(valuesOf(text)).toEqual(values);
  });

  test('readYaml — merging switched off — << is a key like any other', () => {
    expect(valuesOf('a: {<<: {b: 1}}', { merge: false })).toEqual([{ a: { '<<': { b: 1 } } }]);
  });

  test('readYaml — %YAML 1.1 — DVC honours it for that document alone', () => {
    const text = '%YAML 1.1\n---\na: no\n...\n---\na: no\n';
    expect(valuesOf(text, { scalars: dvcScalars })).toEqual([{ a: false }, { a: 'no' }]);
  });
});

describe('what is wrong with texts', () => {
  test.each<[name: string, text: string, problems: readonly string[]]>([
    ['a duplicate key', 'a: 1\nb: 2\na: 3\n', ['duplicate-key 3:1 a']],
    ['a duplicate key further in', 'x:\n- {k: 1, k: 2}\n', ['duplicate-key 2:10 x/0/k']],
    ['1 and "1" are two keys', '1: a\n"1": b\n', []],
    ['1 and 1.0 are one key', '1: a\n1.0: b\n', ['duplicate-key 2:1 1.0']],
    ['a tab before a key', 'a:\n\tb: 1\n', ['syntax 2:1']],
    ['an unclosed quote', 'a: "x\nb: 1\n', ['syntax 1:4']],
    ['an unclosed list', 'a: [1, 2\n', ['syntax 2:1']],
    ['two values in a line', 'a: b: c\n', ['syntax 1:5']],
    ['a NUL', 'a: \u0000\n', ['syntax 1:4']],
    ['an unknown tag', 'a: !secret x\n', ['unknown-tag 1:4 a']],
    ['a tag that does not fit', 'a: !!int x\n', ['unknown-tag 1:4 a']],
    ['a mapping tag on a list', 'a: !!map [1]\n', ['unknown-tag 1:4 a']],
    ['an unknown alias', 'a: *x\n', ['unknown-alias 1:4 a']],
    ['an anchor of another document', 'a: &x 1\n---\nb: *x\n', ['unknown-alias 3:4 b']],
    ['an alias inside its anchor', 'a: &x [1, *x]\n', ['recursive-alias 1:11 a/1']],
    ['a merge of a text', 'a: {<<: text}\n', ['merge-key 1:9 a/<<']],
    ['windows line ends', 'a: 1\r\nb: 2\r\na: 3\r\n', ['duplicate-key 3:1 a']],
    ['slashes in keys', 'a/b: {c: 1, c: 2}\n', ['duplicate-key 1:13 a~1b/c']],
  ])('readYaml — %s — problem at its place', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('readYaml — a duplicate key — the message names the line of the first', () => {
    expect(read('a: 1\nb: 2\na: 3\n').problems[0]?.message).toBe(
      'the key "a" is here a second time; the first is in line 1',
    );
  });

  test('readYaml — after a syntax error — no documents, one problem', () => {
    expect(read('a: 1\n---\nb: [\n')).toMatchObject({ documents: [], problems: [{ code: 'syntax' }] });
  });

  test('readYaml — a lone = in DVC — a problem with the repair', () => {
    expect(problemsOf('a: =\n', { scalars: dvcScalars })).toEqual(['scalar 1:4 a']);
  });
});

describe('merge conflicts', () => {
  const conflict = '<<<<<<< HEAD\na: 1\n=======\na: 2\n>>>>>>> feature\n';
  test.each<[name: string, text: string, problems: readonly string[]]>([
    ['one conflict', `x: 1\n${conflict}`, ['conflict-marker 2:1']],
    ['two conflicts', `${conflict}b: 1\n${conflict}`, ['conflict-marker 1:1', 'conflict-marker 7:1']],
    ['windows line ends', conflict.replaceAll('\n', '\r\n'), ['conflict-marker 1:1']],
    ['an opening alone', '<<<<<<< HEAD\na: 1\n', ['conflict-marker 1:1']],
    ['a heading that is underlined', 'a: |\n  Title\n  =======\n', []],
    ['markers inside a text', 'a: |\n  <<<<<<< HEAD\n  =======\n', []],
    ['a comment of arrows', '# <<<<<<< x\na: 1\n', []],
  ])('readYaml — %s', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });
});
