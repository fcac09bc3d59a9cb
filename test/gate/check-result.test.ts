import { describe, expect, test } from 'vitest';
import { defaultPolicy } from '../../src/domain/policy.ts';
import type { Unknown } from '../../src/domain/verdict.ts';
import { checkResultOf, type Found } from '../../src/gate/check-result.ts';
import { sampleFinding } from '../support/sample-run.ts';

const warning = sampleFinding({ severity: 'warning' });
const unknown: Unknown = { what: 'object', cause: 'unreachable', message: 'away', remedy: undefined };

function result(found: Partial<Found>) {
  const applied = { findings: [], omitted: 0, crashes: [] };
  const nothing = { applied, target: new Set<string>(), unknowns: [], wanted: [], counts: {} };
  return checkResultOf('policy', { ...nothing, ...found }, defaultPolicy);
}

describe('the result of a check', () => {
  test('findings beyond the limit — undecided: the rest was not looked at', () => {
    const { verdict, omittedFindings, unknowns } = result({
      applied: { findings: [warning], omitted: 7, crashes: [] },
    });
    expect({ verdict, omittedFindings }).toEqual({ verdict: 'undecided', omittedFindings: 7 });
    expect(unknowns).toEqual([
      {
        what: 'check policy',
        cause: 'limit',
        message: '7 findings beyond limits.findings',
        remedy: expect.stringContaining('limits.findings'),
      },
    ]);
  });

  test('a rule that threw — undecided, without its stack', () => {
    const crashes = [{ rule: 'policy/invalid', thrown: new TypeError('x\n    at y') }];
    const { verdict, unknowns } = result({ applied: { findings: [], omitted: 0, crashes } });
    expect(verdict).toBe('undecided');
    expect(unknowns[0]).toMatchObject({ what: 'rule policy/invalid', cause: 'crash' });
    expect(unknowns[0]?.message).not.toContain('at y');
  });

  test('an error — failed, whatever is unknown beside it', () => {
    expect(result({ applied: { findings: [sampleFinding()], omitted: 1, crashes: [] } }).verdict).toBe(
      'failed',
    );
  });

  test('what the target has too — existing', () => {
    const target = new Set([warning.fingerprint]);
    const { findings } = result({ target, applied: { findings: [warning], omitted: 0, crashes: [] } });
    expect(findings.map(({ origin }) => origin)).toEqual(['existing']);
  });

  test('more unknowns than a record keeps — a hundred, our own among them, and how many more', () => {
    const unknowns = Array.from({ length: 250 }, () => unknown);
    const kept = result({ unknowns, applied: { findings: [], omitted: 1, crashes: [] } });
    expect(kept.unknowns).toHaveLength(100);
    expect(kept.unknowns.at(-1)?.what).toBe('check policy');
    expect(kept.omittedUnknowns).toBe(151);
    expect(kept.verdict).toBe('undecided');
  });
});
