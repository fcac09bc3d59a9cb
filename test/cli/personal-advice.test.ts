import { expect, test } from 'vitest';
import { withPersonalAdvice } from '../../src/cli/check/personal-advice.ts';
import type { Unknown } from '../../src/domain/verdict.ts';
import { judgement } from '../report/judgements.ts';

function remedyOf(cause: Unknown['cause'], check: 'data' | 'change' = 'data'): string | undefined {
  const unknown = { what: 'x', cause, message: 'm', remedy: 'what a server would say' };
  return withPersonalAdvice(judgement({ checks: [{ check, unknowns: [unknown] }] })).checks[1]?.unknowns[0]
    ?.remedy;
}

test.each([
  ['unreachable', /run `modelgate check` again/],
  ['limit', /fixed on a laptop.*data\.scope/],
  ['crash', /--format json/],
  ['forbidden', /what a server would say/],
  ['unsupported', /what a server would say/],
] as const)('%s — on a laptop — is advised with what helps there', (cause, words) => {
  expect(remedyOf(cause)).toMatch(words);
});

test('a merge that could not be made — has advice for this machine already', () => {
  expect(remedyOf('unreachable', 'change')).toBe('what a server would say');
});
