import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { CORE_SCHEMA, loadAll } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { readYamlDocuments } from '../../../src/sandbox/kubeflow/yaml/read.ts';

const corpus = new URL('../../../../shared/corpora/kfp/valid/', import.meta.url);
const example = new URL(
  '../../../examples/auto-mpg/repository/pipelines/production-pipeline.yaml',
  import.meta.url,
);
/** libyaml reads its shallow quotes, js-yaml does not. */
const shallow = 'pipeline_with_secret_as_volume.yaml';
const files = existsSync(corpus) ? readdirSync(corpus).filter((name) => name !== shallow) : [];

describe('the reader of uploaded packages', () => {
  test('our example — read — as a YAML library reads it', () => {
    const text = readFileSync(example, 'utf8');

    expect(readYamlDocuments(text)).toEqual(loadAll(text, { schema: CORE_SCHEMA }));
  });

  describe.skipIf(files.length === 0)('compiled pipelines (skipped without ../shared/corpora)', () => {
    test.each(files)('%s — read — as a YAML library reads it', (name) => {
      const text = readFileSync(new URL(name, corpus), 'utf8');

      expect(readYamlDocuments(text)).toEqual(loadAll(text, { schema: CORE_SCHEMA }));
    });
  });

  test.skipIf(files.length === 0)(
    'quotes that go on in front of their item — read, as libyaml does (skipped without ../shared/corpora)',
    () => {
      const text = readFileSync(new URL(shallow, corpus), 'utf8');

      expect(readYamlDocuments(text)).toMatchObject([
        { pipelineInfo: { name: 'pipeline-secret-volume' } },
        { platforms: { kubernetes: {} } },
      ]);
    },
  );

  const texts: readonly [string, string, unknown][] = [
    ['literal text', 'a: |\n  x\n   y\n\n  z\n', { a: 'x\n y\n\nz\n' }],
    ['literal text, stripped', 'a: |-\n  x\n  y\nb: 1', { a: 'x\ny', b: 1 }],
    ['folded text', 'a: >-\n  x\n  y\n\n  z\n', { a: 'x y\nz' }],
    [
      'folded text with deeper lines',
      'a: >\n  x\n  y\n\n   in\n\n  z\n  q\n\n',
      { a: 'x y\n\n in\n\nz q\n' },
    ],
    ['literal text, kept', 'a: |+\n  x\n\nb: 1', { a: 'x\n\n', b: 1 }],
    ['plain text over lines', 'a: x\n  y\n\n  z\nb: c', { a: 'x y\nz', b: 'c' }],
    ['single quotes', "a: 'it''s\n\n\n  so'", { a: "it's\n\nso" }],
    ['double quotes', 'a: "x\\\n  \\ y\\n\\u00e9"', { a: 'x y\né' }],
    [
      'list at the indentation of its key',
      'a:\n- x\n- b: 1\n  c: 2\n-\n  - d\n',
      { a: ['x', { b: 1, c: 2 }, ['d']] },
    ],
    ['flow', 'a: {b: [1, "x, y"], c: {}} # so', { a: { b: [1, 'x, y'], c: {} } }],
    [
      'kinds',
      'a: 2.1.0\nb: 0.5\nc: ~\nd: true\ne: 1e3\nf:\n',
      { a: '2.1.0', b: 0.5, c: null, d: true, e: 1000, f: null },
    ],
    ['comments', '# x\na: b # c\n\n# d\ne: "#"', { a: 'b', e: '#' }],
  ];
  test.each(texts)('%s — read', (_name, text, expected) => {
    expect(readYamlDocuments(text)).toEqual([expected]);
  });

  test('JSON — read', () => {
    expect(readYamlDocuments('{\n  "a": [\n    {"b": "c: d"}, null\n  ]\n}\n')).toEqual([
      { a: [{ b: 'c: d' }, null] },
    ]);
  });

  const broken: readonly [string, string][] = [
    ['a tab for indentation', 'a:\n\tb: 1'],
    ['a key twice', 'a: 1\na: 2'],
    ['an open quote', 'a: "x\nb: 1'],
    ['a value in the wrong place', 'a: b\n  c: d'],
    ['a value behind a value', 'a: b: c'],
    ['a list behind a key', 'a: - b'],
    ['an open list', 'a: [1, 2'],
    ['an alias', 'a: *b'],
    ['less and more indentation', 'a:\n    b: 1\n  c: 2'],
  ];
  test.each(broken)('%s — refused with its line', (_name, text) => {
    expect(() => readYamlDocuments(text)).toThrow(/^yaml: line \d+: /);
  });
});
