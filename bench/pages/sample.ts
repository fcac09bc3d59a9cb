import type { Finding } from '../../src/domain/finding.ts';
import { decide } from '../../src/domain/decision.ts';
import { toSha } from '../../src/domain/repository.ts';
import type { Run } from '../../src/domain/run.ts';
import type { Judgement } from '../../src/domain/verdict.ts';

/** A run with so many findings, as `dvc push` forgotten brings them: ten in each file. */
export function sampleRun(id: string, findings: number): Run {
  const repository = { host: 'corp', id: '12', path: 'ml/auto-mpg' };
  const head = toSha('b4d1dea5'.repeat(5));
  if (head === undefined) throw new Error('no commit id');
  const judgement = judgementOf(
    Array.from({ length: findings }, (_, index) => findingOf(index)),
    head,
  );
  return {
    v: 1,
    rev: 0,
    id,
    subject: { kind: 'change', host: 'corp', repositoryId: '12', number: 7 },
    change: {
      repository,
      number: 7,
      title: 'Drop cars of unknown horsepower',
      url: 'https://gitlab.example.com/ml/auto-mpg/-/merge_requests/7',
      state: 'open',
      draft: false,
      head,
      headRef: 'refs/merge-requests/7/head',
      source: { repositoryId: '12', branch: 'known-horsepower', fork: false },
      targetBranch: 'main',
    },
    base: head,
    state: findings === 0 ? 'running' : 'judged',
    judgement: findings === 0 ? undefined : judgement,
    decision: findings === 0 ? undefined : decide(judgement),
    trouble: undefined,
    timeline: [{ at: '2026-05-04T10:00:00.000Z', text: 'begun for b4d1dea5' }],
    looks: undefined,
  };
}

function judgementOf(findings: readonly Finding[], head: Judgement['base']): Judgement {
  return {
    base: head,
    head,
    judged: 'merge-result',
    tree: undefined,
    checks: [
      {
        check: 'data',
        verdict: 'failed',
        findings,
        omittedFindings: 0,
        unknowns: [],
        counts: { outputs: findings.length, objects: findings.length },
        wanted: [],
      },
    ],
    differences: [],
    verdict: 'failed',
    mode: 'blocking',
    policySource: 'target',
    rulesVersion: 'bench',
  };
}

function findingOf(index: number): Finding {
  const file = `data/part-${String(Math.floor(index / 10)).padStart(3, '0')}.dvc`;
  const line = (index % 10) * 4 + 2;
  return {
    rule: 'data/missing-on-remote',
    severity: index % 7 === 0 ? 'warning' : 'error',
    message: `\`${file.slice(0, -4)}\` (17.8 kB, md5 c40f78a1…) is not in remote \`storage\` (s3://auto-mpg/dvc).`,
    file,
    place: { line, column: 8, endLine: line, endColumn: 40 },
    excerpt: {
      firstLine: line - 1,
      lines: [
        'outs:',
        '- md5: c40f78a149414c5e4aac2680aa96908f',
        '  size: 17754',
        '  path: <auto> & "mpg".csv',
      ],
    },
    pointer: `outs/${index % 10}/md5`,
    compared: [{ what: 'object', expected: 'present', actual: 'absent' }],
    repair: `dvc push ${file}`,
    fingerprint: String(index),
    origin: 'new',
  };
}
