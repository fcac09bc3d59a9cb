import type { Finding } from '../../src/domain/finding.ts';
import { toSha } from '../../src/domain/repository.ts';
import type { Sha } from '../../src/domain/repository.ts';
import type { Run } from '../../src/domain/run.ts';
import type { ChangeSubject } from '../../src/domain/subject.ts';
import type { Judgement } from '../../src/domain/verdict.ts';

/** A commit id of one repeated digit. */
export function sampleSha(digit: string): Sha {
  const sha = toSha(digit.repeat(40));
  if (sha === undefined) throw new Error(`no hex digit: ${digit}`);
  return sha;
}

export const sampleSubject: ChangeSubject = { kind: 'change', host: 'corp', repositoryId: '12', number: 7 };

/** A run that has just begun. */
export function sampleRun(fields: Partial<Run> = {}): Run {
  return {
    v: 1,
    rev: 0,
    id: 'a'.repeat(32),
    subject: sampleSubject,
    change: {
      repository: { host: 'corp', id: '12', path: 'ml/auto-mpg' },
      number: 7,
      title: 'Train on the data of May',
      url: 'https://gitlab.example.com/ml/auto-mpg/-/merge_requests/7',
      state: 'open',
      draft: false,
      head: sampleSha('b'),
      headRef: 'refs/merge-requests/7/head',
      source: { repositoryId: '12', branch: 'may', fork: false },
      targetBranch: 'main',
    },
    base: undefined,
    state: 'running',
    judgement: undefined,
    decision: undefined,
    trouble: undefined,
    timeline: [{ at: '2026-05-04T10:00:00.000Z', text: 'evaluation began' }],
    looks: undefined,
    ...fields,
  };
}

/** An object that is missing on the remote. */
export function sampleFinding(fields: Partial<Finding> = {}): Finding {
  return {
    rule: 'data/missing-on-remote',
    severity: 'error',
    message: 'The remote has no object for data.csv: nobody else can read it.',
    file: 'data.csv.dvc',
    place: { line: 2, column: 8, endLine: 2, endColumn: 12 },
    excerpt: { firstLine: 1, lines: ['outs:', '- md5: a71dc1', '  path: data.csv'] },
    pointer: 'outs/0/md5',
    compared: [{ what: 'object', expected: 'present', actual: 'absent' }],
    repair: 'dvc push data.csv.dvc',
    fingerprint: 'f'.repeat(64),
    origin: 'new',
    ...fields,
  };
}

/** A judgement with one finding in the data check. */
export function sampleJudgement(fields: Partial<Judgement> = {}): Judgement {
  return {
    base: sampleSha('c'),
    head: sampleSha('b'),
    judged: 'merge-result',
    tree: undefined,
    checks: [
      {
        check: 'data',
        verdict: 'failed',
        findings: [sampleFinding()],
        omittedFindings: 0,
        unknowns: [],
        counts: { outputs: 1, objects: 1 },
        wanted: [],
      },
    ],
    differences: [],
    verdict: 'failed',
    mode: 'blocking',
    policySource: 'target',
    rulesVersion: '1',
    ...fields,
  };
}
