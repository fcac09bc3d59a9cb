import { dump, load } from 'js-yaml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createSource } from '../../../src/formats/source.ts';
import type { MappingNode, ScalarNode, YamlNode } from '../../../src/formats/yaml/node.ts';
import { read, valuesOf } from './read.ts';

function* scalarsOf(node: YamlNode | undefined): Generator<ScalarNode> {
  if (node?.kind === 'scalar') yield node;
  if (node?.kind === 'sequence') for (const item of node.items) yield* scalarsOf(item);
  if (node?.kind !== 'mapping') return;
  for (const { key, value } of node.entries) {
    yield* scalarsOf(key);
    yield* scalarsOf(value);
  }
}

function* nodesOf(node: YamlNode | undefined): Generator<YamlNode> {
  if (node === undefined) return;
  yield node;
  const children =
    node.kind === 'sequence'
      ? node.items
      : node.kind === 'mapping'
        ? node.entries.flatMap(({ key, value }) => [key, value])
        : [];
  for (const child of children) yield* nodesOf(child);
}

/** What the stretch of text at a scalar's span says by itself; a block, whose meaning hangs on its parent, is trusted. */
function reread(written: string, scalar: ScalarNode): unknown {
  if (/^["']/.test(written)) return load(written);
  const taken = scalar.plain ? /[\r\n]/.test(written) : /^[|>]/.test(written);
  return taken ? scalar.text : written;
}

const word = fc.string({ unit: fc.constantFrom(...Array.from('abcXYZ019 _-.:/é𝛼\n"\'#')), maxLength: 30 });
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    tie('list'),
    tie('map'),
  ),
  list: fc.array(tie('any'), { maxLength: 5 }),
  map: fc.dictionary(
    fc.string({ unit: fc.constantFrom(...Array.from('abc-é ')), minLength: 1, maxLength: 8 }),
    tie('any'),
    { maxKeys: 5 },
  ),
})).any;

function isReadable(text: string): boolean {
  try {
    load(text);
    return true;
  } catch {
    return false;
  }
}

describe('positions', () => {
  test('any value written as YAML — read — the same value, and spans that hold it', () => {
    fc.assert(
      fc.property(
        value,
        fc.constantFrom('\n', '\r\n'),
        fc.integer({ min: 20, max: 120 }),
        (wanted, lineBreak, lineWidth) => {
          const text = dump(wanted, { lineWidth }).replaceAll('\n', lineBreak);
          // js-yaml writes a few keys that nobody reads, itself included: `--- a`.
          fc.pre(isReadable(text));
          expect(valuesOf(text)).toEqual([load(text)]);
          const root = read(text).documents[0]?.root;
          for (const node of nodesOf(root)) {
            expect(node.span.start).toBeLessThanOrEqual(node.span.end);
            expect(node.span.end).toBeLessThanOrEqual(text.length);
          }
          for (const scalar of scalarsOf(root)) {
            expect(reread(text.slice(scalar.span.start, scalar.span.end), scalar)).toBe(scalar.text);
          }
        },
      ),
      { numRuns: 300 },
    );
  });

  test('any value as JSON — read — the same value, collections from bracket to bracket', () => {
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2, '\t'), (wanted, indent) => {
        const text = JSON.stringify(wanted, undefined, indent);
        expect(valuesOf(text)).toEqual([JSON.parse(text)]);
        for (const node of nodesOf(read(text).documents[0]?.root)) {
          expect(JSON.parse(text.slice(node.span.start, node.span.end))).toEqual(
            valuesOf(text.slice(node.span.start, node.span.end))[0],
          );
        }
      }),
    );
  });

  test('any text at all — read — no throw', () => {
    const piece = fc.constantFrom(
      'a',
      ': ',
      ':',
      '- ',
      '\n',
      '\n  ',
      '\t',
      '"',
      "'",
      '{',
      '}',
      '[',
      ']',
      ',',
      '&a ',
      '*a',
      '|',
      '>',
      '#',
      ' ',
      '---\n',
      '...\n',
      '!!str ',
      '!x ',
      '? ',
      '<<: ',
      '%YAML 1.1\n',
      '1',
      '\r',
      '\uFEFF',
      '\\',
      '=',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const { documents, problems } = read(text);
        for (const { span } of problems) expect(span.end).toBeLessThanOrEqual(text.length);
        for (const { root } of documents) {
          for (const node of nodesOf(root)) expect(node.span.start).toBeLessThanOrEqual(node.span.end);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

function root(text: string): MappingNode {
  const node = read(text).documents[0]?.root;
  if (node?.kind !== 'mapping') throw new Error('no mapping');
  return node;
}

describe('places of what is not written, or not plainly', () => {
  test.each<[name: string, text: string, place: string]>([
    ['a value after a colon', 'a:\nb: 1\n', '1:3'],
    ['a value after a colon and a comment', 'a:   # nothing\nb: 1\n', '1:3'],
    ['a quoted value', 'a: "x y"\n', '1:4'],
    ['a block with a header', 'a: |-\n  x\n', '1:4'],
    ['a block whose key has a bar', 'a|b: |-\n  x\n', '1:6'],
    ['an anchored value', 'a: &x y\n', '1:7'],
    ['after a byte order mark', '\uFEFFa: 1\n', '1:5'],
    ['after emoji, in UTF-16 units', '"😀": 1\n', '1:7'],
  ])('%s', (_, text, place) => {
    const span = root(text).entries[0]?.value.span ?? { start: -1, end: -1 };
    const { line, column } = createSource('x', text).placeOf(span);
    expect(`${line}:${column}`).toBe(place);
  });

  test('an empty item of a list — placed after its dash', () => {
    const node = root('a:\n- 1\n-\n- 3\n').entries[0]?.value;
    expect(node?.kind === 'sequence' && node.items.map((item) => item.span.start)).toEqual([5, 8, 11]);
  });

  test('collections — end after their last bracket or value', () => {
    const text = 'a: {b: [1, 2], }\nc:\n  d: 1\n# end\n';
    const spans = root(text).entries.map(({ value }) => text.slice(value.span.start, value.span.end));
    expect(spans).toEqual(['{b: [1, 2], }', 'd: 1']);
  });

  test('documents — each from its marker to its last value', () => {
    const text = 'a: 1\n---\n# second\nb: 2\n';
    const spans = read(text).documents.map(({ span }) => text.slice(span.start, span.end));
    expect(spans).toEqual(['a: 1', '---\n# second\nb: 2']);
  });
});
