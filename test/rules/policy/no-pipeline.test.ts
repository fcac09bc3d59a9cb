import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import type { Oid } from '../../../src/domain/repository.ts';
import { readPolicy } from '../../../src/formats/policy/read-policy.ts';
import { createSource } from '../../../src/formats/source.ts';
import { unmatchedGlobs } from '../../../src/gate/unmatched-globs.ts';
import { applyRules } from '../../../src/rules/engine.ts';
import { policyRules, visitPolicy, type PolicyFile } from '../../../src/rules/policy/index.ts';

function file(side: PolicyFile['side'], pipelines: string, ...paths: readonly string[]): PolicyFile {
  const source = createSource('.modelgate.yaml', `version: 1\npipelines: ${pipelines}\n`);
  const read = readPolicy(source, []);
  const oid: Oid = JSON.parse('"0123"');
  const entries = paths.map((path) => ({ path, mode: '100644', oid }));
  return { ...read, source, side, unmatched: unmatchedGlobs(read.pipelineGlobs, entries) };
}

function found(...files: readonly PolicyFile[]): readonly string[] {
  const applied = applyRules(policyRules, visitPolicy(files), { policy: defaultPolicy, maxFindings: 100 });
  return applied.findings.map(({ severity, pointer, message }) => `${severity} ${pointer}: ${message}`);
}

const nothing = 'note pipelines/0: No file is one of the `pipelines` of the policy: no pipeline is checked.';
const gone = 'There is no file `gone.yaml`: this pipeline is not checked.';

describe('policy/no-pipeline', () => {
  test.each<[pipelines: string, paths: readonly string[], expected: readonly string[]]>([
    ['["*.yaml"]', ['a.yaml'], []],
    ['[]', ['a.yaml'], []],
    ['[gone.yaml]', ['a.yaml'], [nothing]],
    ['["*.yaml"]', ['a/b.yaml', '.modelgate.yaml', 'dvc.yaml'], [nothing]],
    ['["*.yaml", "!*.yaml"]', ['a.yaml'], [nothing]],
    ['["*.yaml", gone.yaml]', ['a.yaml'], [`note pipelines/1: ${gone}`]],
    ['["*.yaml", "later/*.yaml", "!gone.yaml"]', ['a.yaml'], []],
  ])('%s with the files %j', (pipelines, paths, expected) => {
    expect(found(file('target', pipelines, ...paths))).toEqual(expected);
  });

  test('the change edits the policy — its side alone', () => {
    const right = file('change', '["*.yaml"]', 'a.yaml');
    expect(found(file('target', '[gone.yaml]', 'a.yaml'), right)).toEqual([]);
  });
});
