import { describe, expect, test } from 'vitest';
import type { Severity } from '../../src/domain/finding.ts';
import { defaultPolicy } from '../../src/domain/policy.ts';
import { applyRules, fingerprintsOf, markExisting } from '../../src/rules/engine.ts';
import type { Rule, Visit } from '../../src/rules/rule.ts';

interface Nodes {
  readonly word: { readonly name: string; readonly severity: Severity };
}

const spelling: Rule<Nodes> = {
  id: 'test/spelling',
  summary: 'A word',
  severity: 'warning',
  profile: 'recommended',
  covers: [],
  on: 'word',
  *check({ name, severity }) {
    yield { at: { source: { path: name }, span: undefined, pointer: '' }, message: name, severity };
  },
};

const words = (...severities: Severity[]): readonly Visit<Nodes>[] =>
  severities.map((severity, index) => ({ kind: 'word', node: { name: `w${index}`, severity } }));

const apply = (visits: readonly Visit<Nodes>[], maxFindings: number) =>
  applyRules([spelling], visits, { policy: defaultPolicy, maxFindings });

describe('applyRules beyond the limit', () => {
  test.each([
    [['warning', 'warning', 'error'], 2, ['w0 warning', 'w2 error'], 1],
    [['note', 'warning', 'note', 'error'], 2, ['w1 warning', 'w3 error'], 2],
    [['error', 'error', 'error'], 2, ['w0 error', 'w1 error'], 1],
    [['note', 'note'], 2, ['w0 note', 'w1 note'], 0],
  ] as const)('%j, at most %i — keeps %j', (severities, most, kept, omitted) => {
    const applied = apply(words(...severities), most);
    expect(applied.findings.map(({ message, severity }) => `${message} ${severity}`)).toEqual(kept);
    expect(applied.omitted).toBe(omitted);
  });

  test('the policy decides which are errors', () => {
    const policy = { ...defaultPolicy, rules: { 'test/spelling': 'error' } as const };
    const { findings } = applyRules([spelling], words('note', 'note'), { policy, maxFindings: 1 });
    expect(findings.map(({ severity }) => severity)).toEqual(['error']);
  });
});

test('what the target has is known as a whole, however much it is', () => {
  const many = words(...Array.from({ length: 50 }, () => 'warning' as const));
  const target = fingerprintsOf([spelling], many, defaultPolicy);
  const judged = apply(
    [...many.slice(48), { kind: 'word', node: { name: 'brought', severity: 'error' } }],
    10,
  );
  expect(markExisting(judged.findings, target).map(({ message, origin }) => [message, origin])).toEqual([
    ['brought', 'new'],
    ['w48', 'existing'],
    ['w49', 'existing'],
  ]);
});
