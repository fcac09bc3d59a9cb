import { expect, test } from 'vitest';
import { awaitsTime } from '../../src/domain/decision.ts';
import type { CheckResult, Unknown } from '../../src/domain/verdict.ts';
import { sampleJudgement } from '../support/sample-run.ts';

const wanted = [{ remote: 'storage', url: 's3://team-data/dvc', key: 'files/md5/01/23', version: undefined }];

test.each<[string, Unknown['cause'], CheckResult['wanted'], CheckResult['verdict'], boolean]>([
  ['the time was over', 'deadline', [], 'undecided', true],
  ['the time was over, with objects to ask for', 'deadline', wanted, 'undecided', true],
  ['no answer, and nothing to ask for by itself', 'unreachable', [], 'undecided', true],
  ['no answer about objects, which are asked for by themselves', 'unreachable', wanted, 'undecided', false],
  ['the time was over, but the verdict is certain', 'deadline', [], 'failed', false],
  ['a defect', 'crash', [], 'undecided', false],
  ['a limit', 'limit', [], 'undecided', false],
  ['a remote that is not bound', 'not-bound', [], 'undecided', false],
])('%s — judging again by itself: %s, %j, %s — %s', (_name, cause, objects, verdict, expected) => {
  const unknown = { what: 'check data', cause, message: 'm', remedy: undefined };
  const [check] = sampleJudgement().checks;
  const checks = [{ ...check!, verdict, unknowns: [unknown], wanted: objects }];
  expect(awaitsTime(sampleJudgement({ checks, verdict }))).toBe(expected);
});
