import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../../src/domain/policy.ts';
import { readPolicy } from '../../../src/formats/policy/read-policy.ts';
import { createSource } from '../../../src/formats/source.ts';
import { applyRules } from '../../../src/rules/engine.ts';
import { policyRules, visitPolicy, type PolicyFile } from '../../../src/rules/policy/index.ts';

function file(side: PolicyFile['side'], text: string): PolicyFile {
  const source = createSource('.modelgate.yaml', `version: 1\n${text}`);
  return { ...readPolicy(source, []), source, side };
}

function found(...files: readonly PolicyFile[]): readonly string[] {
  const applied = applyRules(policyRules, visitPolicy(files), { policy: defaultPolicy, maxFindings: 100 });
  return applied.findings.map(({ severity, place, pointer }) => `${severity} ${place?.line} ${pointer}`);
}

const model = 'model: { from: manifest, format: sklearn, file: m.pkl }';
const verify = 'data: { verify: content }\n';

function production(more: string): string {
  return `production: { branch: main, environment: prod, pipeline: p.yaml, ${more} }\n`;
}

describe('policy/not-checked', () => {
  test.each([
    ['', []],
    ['data: { scope: all, verify: size }\nmetrics: {}\n', []],
    ['data: { verify: content }\n', ['note 2 data/verify']],
    ['data:\n  verify: existence\n  maxShrink: 5%\n', ['note 3 data/verify', 'note 4 data/maxShrink']],
    [`metrics: { m.json: { a: { min: 1 } } }\n${production('')}`, ['note 2 metrics']],
    [`metrics: { m.json: { a: { min: 1 } } }\n${production(model)}`, []],
    [
      production('serving: { service: s, steps: [100], pause: 1m }'),
      ['note 2 production/serving/steps', 'note 2 production/serving/pause'],
    ],
  ])('%j — %j', (text, expected) => expect(found(file('target', text))).toEqual(expected));

  test('the change edits the policy — its side alone', () => {
    expect(found(file('target', verify), file('change', `mode: advisory\n${verify}`))).toEqual([
      'note 3 data/verify',
    ]);
    expect(found(file('target', verify), file('change', ''))).toEqual([]);
  });

  test('the change removes the policy — nothing', () => {
    expect(found({ ...file('target', verify), repaired: true })).toEqual([]);
  });

  test('a broken policy — only that', () => {
    expect(found(file('target', `${verify}mdoe: x\n`))).toEqual(['error 3 mdoe']);
  });
});
