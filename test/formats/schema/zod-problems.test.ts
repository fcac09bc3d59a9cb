import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { zodProblems } from '../../../src/formats/schema/zod-problems.ts';
import { createSource } from '../../../src/formats/source.ts';
import { toPlain } from '../../../src/formats/yaml/to-plain.ts';
import { read } from '../yaml/read.ts';

const schema = z.strictObject({
  version: z.literal(1),
  mode: z.enum(['blocking', 'advisory']).default('blocking'),
  pipelines: z.array(z.string()).optional(),
  data: z.strictObject({ scope: z.enum(['changed', 'all']) }).optional(),
  rules: z
    .record(
      z.string().regex(/^[a-z]+\/[a-z-]+$/, 'a rule id has the form group/name'),
      z.union([z.literal('off'), z.strictObject({ severity: z.string() })]),
    )
    .optional(),
});

function problems(yaml: string): readonly string[] {
  const source = createSource('x', yaml);
  const root = read(yaml).documents[0]?.root;
  if (root === undefined) throw new Error('nothing to check');
  const parsed = schema.safeParse(toPlain(root));
  return zodProblems({ issues: parsed.error?.issues ?? [], root, schema }).map(
    ({ code, span, pointer, message, repair }) => {
      const { line, column } = source.placeOf(span);
      return `${code} ${line}:${column} ${pointer}: ${message}${repair === undefined ? '' : ` => ${repair}`}`;
    },
  );
}

describe('zodProblems', () => {
  test.each<[name: string, yaml: string, expected: readonly string[]]>([
    ['right', 'version: 1\nmode: advisory\nrules: {data/schema: off}\n', []],
    [
      'an unknown key',
      'version: 1\nmoed: advisory\n',
      [
        'unknown-field 2:1 moed: the file has no field "moed"; did you mean "mode"? => write mode: instead of moed:',
      ],
    ],
    [
      'an unknown key below',
      'version: 1\ndata:\n  scop: all\n  scope: all\n',
      [
        'unknown-field 3:3 data/scop: "data" has no field "scop"; did you mean "scope"? => write scope: instead of scop:',
      ],
    ],
    [
      'a wrong value',
      'version: 1\nmode: advisry\n',
      [
        'unknown-enum 2:7 mode: "mode" must be one of blocking, advisory; found the text "advisry"; did you mean "advisory"? => write mode: advisory',
      ],
    ],
    ['a missing key', 'mode: advisory\n', ['missing-field 1:1 version: "version" is missing']],
    [
      'a wrong type',
      'version: 1\npipelines: all\n',
      ['wrong-type 2:12 pipelines: "pipelines" must be a list; found the text "all"'],
    ],
    [
      'a wrong item',
      'version: 1\npipelines:\n- a\n- 2\n',
      ['wrong-type 4:3 pipelines/1: "1" must be text; found the number 2'],
    ],
    ['a missing key below', 'version: 1\ndata: {}\n', ['missing-field 2:1 data/scope: "scope" is missing']],
    [
      'inside an alternative',
      'version: 1\nrules:\n  data/schema: {sevirity: x}\n',
      [
        'missing-field 3:3 rules/data~1schema/severity: "severity" is missing',
        'unknown-field 3:17 rules/data~1schema/sevirity: "data/schema" has no field "sevirity"; did you mean "severity"? => write severity: instead of sevirity:',
      ],
    ],
  ])('%s', (_, yaml, expected) => {
    expect(problems(yaml)).toEqual(expected);
  });
});
