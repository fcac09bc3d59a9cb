import { describe, expect, test } from 'vitest';
import { runIdOf, type EvaluationKey } from '../../src/gate/evaluation-key.ts';
import { createMemoryTrees } from '../support/memory-trees.ts';
import { sampleSha, sampleSubject } from '../support/sample-run.ts';

const trees = createMemoryTrees();
const key: EvaluationKey = {
  subject: sampleSubject,
  head: sampleSha('a'),
  targetTip: sampleSha('b'),
  policyBlob: undefined,
  rulesVersion: '1',
  fresh: 0,
};

const others: readonly Partial<EvaluationKey>[] = [
  { subject: { ...sampleSubject, number: 8 } },
  { subject: { ...sampleSubject, host: 'other' } },
  { subject: { ...sampleSubject, repositoryId: '13' } },
  { head: sampleSha('c') },
  { targetTip: sampleSha('c') },
  { policyBlob: trees.add({}) },
  { rulesVersion: '2' },
  { fresh: 1 },
];

describe('runIdOf', () => {
  test('the same key — the same id, today and tomorrow', () => {
    expect(runIdOf(key)).toMatch(/^[0-9a-f]{24}$/);
    expect(runIdOf({ ...key })).toBe(runIdOf(key));
  });

  test.each(others)('%j — another id', (other) =>
    expect(runIdOf({ ...key, ...other })).not.toBe(runIdOf(key)),
  );
});
