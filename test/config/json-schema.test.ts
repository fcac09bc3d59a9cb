import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { configJsonSchema, policyJsonSchema } from '../../src/config/json-schema.ts';
import { loadConfig } from '../../src/config/load.ts';
import type { JsonSchema } from '../../src/config/to-json-schema.ts';
import { readPolicy } from '../../src/formats/policy/read-policy.ts';
import { createSource } from '../../src/formats/source.ts';
import { readYaml } from '../../src/formats/yaml/read-yaml.ts';
import { coreScalars } from '../../src/formats/yaml/scalars.ts';
import { toPlain, type Plain } from '../../src/formats/yaml/to-plain.ts';
import { defaultLimits } from '../../src/limits.ts';
import { ruleIds } from '../../src/rules/index.ts';

/** The YAML examples of the page: one for each file. */
const examples = [...readFileSync('docs/configuration.md', 'utf8').matchAll(/```yaml\n([\s\S]*?)```/g)].map(
  (match) => match[1]!,
);
const serverExample = examples.find((example) => example.startsWith('listen:'))!;
const policyExample = examples.find((example) => example.startsWith('version:'))!;

function plain(yaml: string): Plain {
  const root = readYaml(createSource('x.yaml', yaml), { scalars: coreScalars, limits: defaultLimits })
    .documents[0]!.root!;
  return toPlain(root);
}

function faults(schema: JsonSchema, yaml: string): readonly string[] {
  const validate = new Ajv2020({ strict: true, strictTypes: false, allErrors: true }).compile(schema);
  validate(plain(yaml));
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.keyword}`);
}

describe('JSON Schema of the configuration', () => {
  test('the example of the page — valid, and loaded without a problem', () => {
    const load = (): unknown =>
      loadConfig({
        env: { GITLAB_TOKEN: 'glpat-example', REDIS_PASSWORD: 'password' },
        readFile: () => serverExample,
        fileSecret: () => () => 'secret',
        addSecret: () => undefined,
      });

    expect(faults(configJsonSchema(), serverExample)).toEqual([]);
    expect(load).not.toThrow();
  });

  test.each([
    ['listen: { port: 70000 }', '/listen/port maximum'],
    ['listen: { prt: 1 }', '/listen additionalProperties'],
    ['hosts: [{ id: corp }]', '/hosts/0 required'],
    ['recheck: { then: 60 }', '/recheck/then type'],
    ['remotes: [{ url: s3://a, repositories: [] }]', '/remotes/0/repositories minItems'],
    ['pages: { token: literal }', '/pages/token pattern'],
  ])('%s — refused: %s', (yaml, fault) => {
    expect(faults(configJsonSchema(), yaml)).toContain(fault);
  });

  test.each([
    'listen: { port: "${PORT}" }',
    'gate: { cacheBytes: 1024 }',
    'log: { level: "${LEVEL}" }',
    'limits: { evaluationMs: 5m }',
  ])('%s — valid', (yaml) => {
    expect(faults(configJsonSchema(), yaml)).toEqual([]);
  });
});

describe('JSON Schema of the policy', () => {
  test('the example of the page — valid, and read without a problem', () => {
    expect(faults(policyJsonSchema(ruleIds), policyExample)).toEqual([]);
    expect(readPolicy(createSource('.modelgate.yaml', policyExample), ruleIds).problems).toEqual([]);
  });

  test.each([
    ['version: 2', '/version const'],
    ['version: 1\nrules: { nothing/here: off }', '/rules additionalProperties'],
    ['version: 1\nrules: { policy/invalid: fatal }', '/rules/policy~1invalid enum'],
    ['version: 1\ndata: { maxShrink: 20 }', '/data/maxShrink type'],
    ['mode: advisory', ' required'],
  ])('%j — refused: %s', (yaml, fault) => {
    expect(faults(policyJsonSchema(['policy/invalid']), yaml)).toContain(fault);
  });
});
