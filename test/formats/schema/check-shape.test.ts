import { describe, expect, test } from 'vitest';
import { checkShape } from '../../../src/formats/schema/check-shape.ts';
import type { FieldShape, ObjectShape, Shape } from '../../../src/formats/schema/shape.ts';
import { createSource } from '../../../src/formats/source.ts';
import { read } from '../yaml/read.ts';

const text: Shape = { kind: 'scalar', name: 'text', accepts: (node) => node.type === 'string' };
const count: Shape = {
  kind: 'scalar',
  name: 'a whole number',
  accepts: (node) => node.type === 'int',
  instead: (node) => (/^[0-9]+$/.test(node.text) ? node.text : undefined),
};
const optional = (shape: Shape): FieldShape => ({ shape, required: false });
const output: ObjectShape = {
  kind: 'object',
  name: 'an output',
  nullable: false,
  fields: () =>
    new Map([
      ['path', { shape: text, required: true }],
      ['size', optional(count)],
      ['max_size', { ...optional(count), spelling: 'maxSize' }],
      ['maxSize', optional(count)],
      ['md5', { shape: text, required: false, nullable: true }],
      ['etag', { shape: text, required: false, nullable: true }],
      ['kind', optional({ kind: 'enum', name: 'Kind', values: ['FILE', 'FOLDER'], numbers: [0, 1] })],
      ['labels', optional({ kind: 'map', value: text, nullable: false })],
      ['meta', optional({ kind: 'any' })],
      [
        'when',
        optional({
          kind: 'either',
          name: 'text or a list of texts',
          options: [text, { kind: 'list', item: text, nullable: false }],
        }),
      ],
    ]),
  oneofs: [['md5', 'etag']],
};
const file: ObjectShape = {
  kind: 'object',
  name: 'a file',
  nullable: false,
  fields: () => new Map([['outs', optional({ kind: 'list', item: output, nullable: true })]]),
};

function problems(yaml: string, shape: Shape = file): readonly string[] {
  const source = createSource('x', yaml);
  const root = read(yaml).documents[0]?.root;
  if (root === undefined) throw new Error('nothing to check');
  return checkShape(root, shape).map(({ code, span, pointer, message, repair }) => {
    const { line, column } = source.placeOf(span);
    return `${code} ${line}:${column} ${pointer}: ${message}${repair === undefined ? '' : ` => ${repair}`}`;
  });
}

describe('checkShape', () => {
  test.each<[name: string, yaml: string]>([
    [
      'all fields',
      'outs:\n- {path: a, size: 1, md5: x, kind: FILE, labels: {a: b}, meta: [1, {x: y}], when: [a]}\n',
    ],
    ['null for a nullable list', 'outs:\n'],
    [
      'null for a nullable field, so that the other of a pair may be set',
      'outs:\n- {path: a, md5: null, etag: x}\n',
    ],
    ['an enumeration by number', 'outs:\n- {path: a, kind: 1}\n'],
    ['another spelling', 'outs:\n- {path: a, max_size: 1}\n'],
  ])('%s — no problem', (_, yaml) => {
    expect(problems(yaml)).toEqual([]);
  });

  test.each<[name: string, yaml: string, expected: readonly string[]]>([
    [
      'a misspelt field',
      'out: []\n',
      [
        'unknown-field 1:1 out: a file has no field "out"; did you mean "outs"? => write outs: instead of out:',
      ],
    ],
    [
      'a field from nowhere',
      'outs:\n- path: a\n  colour: red\n',
      ['unknown-field 3:3 outs/0/colour: an output has no field "colour" => remove colour'],
    ],
    [
      'a mapping for a list',
      'outs: {path: a}\n',
      ['wrong-type 1:1 outs: "outs" must be a list; found a mapping'],
    ],
    [
      'a text for a number',
      'outs:\n- path: a\n  size: "12"\n',
      ['wrong-type 3:9 outs/0/size: "size" must be a whole number; found the text "12" => write size: 12'],
    ],
    [
      'nothing for a text',
      'outs:\n- path:\n',
      ['wrong-type 2:3 outs/0/path: "path" must be text; found nothing'],
    ],
    [
      'a missing field',
      'outs:\n- size: 1\n',
      ['missing-field 2:3 outs/0: an output "item 1 of outs" needs the field "path"'],
    ],
    [
      'a value that is not enumerated',
      'outs:\n- {path: a, kind: FOLDERS}\n',
      [
        'unknown-enum 2:19 outs/0/kind: "kind" must be one of FILE, FOLDER; found the text "FOLDERS"; did you mean "FOLDER"? => write kind: FOLDER',
      ],
    ],
    [
      'an enumeration by a number beyond',
      'outs:\n- {path: a, kind: 7}\n',
      ['wrong-type 2:19 outs/0/kind: "kind" must be one of FILE, FOLDER; found the number 7'],
    ],
    [
      'two of a pair',
      'outs:\n- path: a\n  md5: x\n  etag: y\n',
      [
        'oneof-conflict 4:3 outs/0/etag: an output takes only one of "md5", "etag"; found "md5" and "etag" => keep either md5 or etag',
      ],
    ],
    [
      'two spellings of one field',
      'outs:\n- path: a\n  maxSize: 1\n  max_size: 2\n',
      [
        'oneof-conflict 4:3 outs/0: "maxSize" and "max_size" are two spellings of one field => remove max_size',
      ],
    ],
    [
      'neither alternative',
      'outs:\n- {path: a, when: {b: c}}\n',
      ['wrong-type 2:13 outs/0/when: "when" must be text or a list of texts; found a mapping'],
    ],
    [
      'inside an alternative',
      'outs:\n- {path: a, when: [b, 1]}\n',
      ['wrong-type 2:23 outs/0/when/1: "item 2 of when" must be text; found the number 1'],
    ],
    [
      'a list as a key',
      'outs:\n- {path: a, ? [b] : c}\n',
      ['wrong-type 2:16 outs/0: a key must be text; found a list'],
    ],
  ])('%s — says what, where and what instead', (_, yaml, expected) => {
    expect(problems(yaml)).toEqual(expected);
  });

  test('an open object — unknown fields pass, known ones are checked', () => {
    expect(problems('path: 1\ncolour: red\n', { ...output, open: true })).toEqual([
      'wrong-type 1:7 path: "path" must be text; found the number 1',
    ]);
  });

  test('many problems — all of them, in the order of the text', () => {
    expect(problems('outs:\n- {size: x}\n- 3\nmore: 1\n')).toHaveLength(4);
  });

  test('an alias — its problems are reported for each use', () => {
    expect(problems('outs:\n- &o {path: 1}\n- *o\n').map((line) => line.split(':')[0])).toEqual([
      'wrong-type 2',
      'wrong-type 2',
    ]);
  });
});
