import { existsSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { load } from 'js-yaml';
import { describe, expect, test } from 'vitest';
import { field } from '../../../src/formats/yaml/node.ts';
import { problemsOf, read, valuesOf } from './read.ts';

const corpus = new URL('../../../../shared/corpora/kfp/valid/', import.meta.url);

describe('quoted scalars with shallow continuation lines, which libyaml reads', () => {
  test.each<[name: string, text: string, value: unknown]>([
    ['in a list', 'a:\n  - "x\\\n  \\ y"\n  - z\n', { a: ['x y', 'z'] }],
    ['folded', 'a:\n  - "x\n  y"\n', { a: ['x y'] }],
    ['single quotes and empty lines', "a:\n  - 'x\n\n  it''s'\n", { a: ["x\nit's"] }],
    ['below a key', 'a:\n  b: "x\n y"\nc: 1\n', { a: { b: 'x y' }, c: 1 }],
    ['at the very left', 'a:\n  b: "x\ny"\n', { a: { b: 'x y' } }],
    ['in a list of mappings', 'a:\n- k: "x\n  y"\n  l: 1\n', { a: [{ k: 'x y', l: 1 }] }],
    ['windows line ends', 'a:\r\n  - "x\\\r\n  \\ y"\r\n', { a: ['x y'] }],
    [
      'beside a block with odd quotes',
      'a:\n  - |\n    "not closed\n  - "x\n  y"\n',
      { a: ['"not closed\n', 'x y'] },
    ],
    ['beside a good one', 'a:\n  - "p\n    q"\n  - "x\n  y"\n', { a: ['p q', 'x y'] }],
    ['after a quoted key', 'a:\n  "k: k": "x\n y"\n', { a: { 'k: k': 'x y' } }],
  ])('readYaml — %s — the value that PyYAML gives', (_, text, value) => {
    expect(valuesOf(text)).toEqual([value]);
  });

  test.each<[name: string, text: string, problems: readonly string[]]>([
    ['a multi-line key', 'a:\n  "x\n y": 1\n', ['syntax 3:4']],
    ['a document marker inside', 'a:\n  - "x\n---\n  y"\n', ['syntax 3:1']],
    ['another mistake elsewhere', 'a:\n  - "x\n  y"\nb: c: d\n', ['syntax 4:5']],
  ])('readYaml — %s — still refused, at the right place', (_, text, problems) => {
    expect(problemsOf(text)).toEqual(problems);
  });

  test('readYaml — shallow scalars of any text — as the same text indented deeper', () => {
    const line = fc
      .string({ unit: fc.constantFrom(...Array.from('ab c:#-[{|>\\n"')), maxLength: 12 })
      .map((text) => text.replace(/[\\"]/g, '\\$&'));
    fc.assert(
      fc.property(
        fc.array(line, { minLength: 2, maxLength: 6 }),
        fc.integer({ min: 0, max: 4 }),
        (lines, indent) => {
          const lead = ' '.repeat(indent);
          const write = (blanks: string): string =>
            `k:\n    - |\n      - "odd\n    - "${lines.map((text) => `.${text.trim()}.`).join(`\n${blanks}`)}"\n    - after: 'x'\n`;
          const text = write(lead);
          expect(valuesOf(text)).toEqual([load(write('        '))]);
          const list = field(read(text).documents[0]?.root, 'k');
          const scalar = list?.kind === 'sequence' ? list.items[1] : undefined;
          expect(text.slice(scalar?.span.start, scalar?.span.end)).toMatch(/^"\.[^]*\."$/);
        },
      ),
    );
  });

  test.skipIf(!existsSync(corpus))(
    'readYaml — pipeline_with_secret_as_volume.yaml — read, with exact places',
    () => {
      const text = readFileSync(new URL('pipeline_with_secret_as_volume.yaml', corpus), 'utf8');
      expect(() => load(text)).toThrow('deficient indentation');
      const { documents, problems } = read(text);
      expect(problems).toEqual([]);
      expect(documents).toHaveLength(2);
      expect(valuesOf(text)[0]).toMatchObject({ pipelineInfo: { name: 'pipeline-secret-volume' } });
      const command = JSON.stringify(valuesOf(text)[0]);
      expect(command).toContain(
        "python3 -m pip install --quiet --no-warn-script-location 'kfp==2.14.3' '--no-deps'",
      );
      expect(command).toContain(
        '# Check if the secret exists\\n    if not os.path.exists(username_path):\\n        raise Exception',
      );
    },
  );
});
