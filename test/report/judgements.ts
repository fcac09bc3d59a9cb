import type { Finding, RuleDescription } from '../../src/domain/finding.ts';
import type { Reading } from '../../src/domain/reading.ts';
import { decide } from '../../src/domain/decision.ts';
import type { CheckResult, Judgement } from '../../src/domain/verdict.ts';
import { combineVerdicts } from '../../src/domain/verdict.ts';
import { checkVerdict } from '../../src/domain/decision.ts';
import type { CheckReport } from '../../src/report/check-report.ts';
import { sampleFinding, sampleSha } from '../support/sample-run.ts';

/** What a hostile repository would write into every text it can. */
export const hostile = [
  '@everyone #1 !2 ~bug %m &3 $4 closes #5 GH-6 [x](https://evil.example/) www.evil.example',
  '<img src=x onerror=alert(1)> <!-- modelgate --> `code` ``` **bold** | cell | \\| _x_',
  '/merge',
  '\u001b[31mred\u001b[0m \u0007 \u202Egnp.exe \u200B',
].join('\n');

export const now = new Date('2026-11-22T12:00:00Z');

/** One check with its verdict. */
export function check(
  fields: Partial<CheckResult> & Pick<CheckResult, 'check'>,
  mode: Judgement['mode'],
): CheckResult {
  const result = { findings: [], omittedFindings: 0, unknowns: [], counts: {}, wanted: [], ...fields };
  return { ...result, verdict: checkVerdict(result, mode) };
}

type Fields = Partial<Omit<Judgement, 'checks'>> & {
  readonly checks?: readonly (Partial<CheckResult> & Pick<CheckResult, 'check'>)[];
};

/** A judgement whose verdicts follow from its checks. */
export function judgement({ checks = [], ...fields }: Fields): Judgement {
  const mode = fields.mode ?? 'blocking';
  const results = [{ check: 'policy' as const, counts: { policies: 1 } }, ...checks].map((one) =>
    check(one, mode),
  );
  return {
    base: sampleSha('a'),
    head: sampleSha('b'),
    judged: 'merge-result',
    tree: undefined,
    checks: results,
    differences: [],
    verdict: combineVerdicts(results.map((one) => one.verdict)),
    mode,
    policySource: 'target',
    rulesVersion: '1',
    ...fields,
  };
}

const nasty: Finding = sampleFinding({
  rule: 'data/schema',
  severity: 'warning',
  file: `dir/${hostile}.dvc`,
  message: hostile,
  compared: [{ what: hostile, expected: hostile, actual: hostile }],
  repair: hostile,
  place: { line: 3, column: 5, endLine: 4, endColumn: 2 },
  excerpt: { firstLine: 2, lines: ['outs:', `\t- ${hostile.replaceAll('\n', ' ')}`, '  x'] },
});

/** The judgements of the golden files, by name. */
export const judgements: Readonly<Record<string, Judgement>> = {
  passed: judgement({
    checks: [
      { check: 'data', counts: { outputs: 12, objects: 340 } },
      { check: 'pipeline', counts: { pipelines: 1 } },
    ],
    differences: [
      {
        kind: 'data',
        path: 'data/train.csv',
        change: 'modified',
        before: { hash: 'a', size: 1_200_000, files: undefined },
        after: { hash: 'b', size: 1_500_000, files: undefined },
      },
      {
        kind: 'data',
        path: 'data/images',
        change: 'added',
        before: undefined,
        after: { hash: 'c', size: 45_600_000_000, files: 1200 },
      },
      {
        kind: 'data',
        path: 'data/old.csv',
        change: 'removed',
        before: { hash: 'd', size: undefined, files: undefined },
        after: undefined,
      },
    ],
  }),
  nothing: judgement({ checks: [{ check: 'data', counts: { outputs: 0, objects: 0 } }] }),
  failed: judgement({
    checks: [
      {
        check: 'data',
        counts: { outputs: 12, objects: 339 },
        findings: [
          sampleFinding(),
          sampleFinding({
            rule: 'data/size-mismatch',
            place: { line: 3, column: 9, endLine: 3, endColumn: 13 },
            repair: undefined,
          }),
          sampleFinding({
            rule: 'data/lock-stale',
            severity: 'note',
            file: 'dvc.lock',
            place: undefined,
            excerpt: undefined,
            origin: 'existing',
          }),
        ],
        omittedFindings: 3,
      },
    ],
  }),
  hostile: judgement({
    checks: [
      {
        check: 'data',
        counts: { outputs: 1 },
        findings: [nasty, sampleFinding({ file: hostile, message: hostile })],
        unknowns: [{ what: hostile, cause: 'forbidden', message: hostile, remedy: hostile }],
      },
    ],
    differences: [{ kind: 'data', path: hostile, change: 'added', before: undefined, after: undefined }],
  }),
  undecided: judgement({
    checks: [
      {
        check: 'data',
        counts: { outputs: 2 },
        unknowns: [
          {
            what: 'object files/md5/a7/1dc1 on s3://team/dvc',
            cause: 'forbidden',
            message:
              's3://team/dvc answered 403 AccessDenied to a HEAD request, which says neither that the object is there nor that it is missing',
            remedy: 'let the credentials of the gate list the bucket (s3:ListBucket)',
          },
          { what: 'rule data/schema', cause: 'crash', message: 'a defect of modelgate', remedy: undefined },
        ],
      },
    ],
    policySource: 'defaults-because-broken',
  }),
  // The target's policy is broken, and this change repairs it: its lines are not those of the merge result.
  repaired: judgement({
    policySource: 'defaults-because-broken',
    checks: [
      {
        check: 'policy',
        counts: { policies: 2 },
        findings: [
          sampleFinding({
            rule: 'policy/invalid',
            severity: 'warning',
            file: '.modelgate.yaml',
            message: 'The policy on the target branch is broken: the file has no field "mdoe".',
            tree: 'target',
            place: { line: 7, column: 1, endLine: 7, endColumn: 5 },
            excerpt: { firstLine: 6, lines: ['version: 1', 'mdoe: advisory'] },
            pointer: 'mdoe',
            compared: [],
            repair: 'write mode: instead of mdoe:',
          }),
        ],
      },
    ],
  }),
  conflict: judgement({
    judged: 'conflict',
    checks: [
      {
        check: 'change',
        counts: { conflicts: 1 },
        findings: [
          sampleFinding({
            rule: 'change/conflict',
            file: 'dvc.lock',
            place: undefined,
            excerpt: undefined,
            compared: [],
            message:
              'dvc.lock was changed here and on main: the change cannot be merged, nothing else was checked.',
            repair: 'git merge origin/main',
          }),
        ],
      },
    ],
  }),
  advisory: judgement({
    mode: 'advisory',
    checks: [{ check: 'data', counts: { outputs: 1 }, findings: [sampleFinding()] }],
  }),
};

export const rules: readonly RuleDescription[] = [
  {
    id: 'data/missing-on-remote',
    summary: 'Every object that a metafile names is on its remote.',
    severity: 'error',
    profile: 'recommended',
    covers: ['dvc 4.3'],
  },
  {
    id: 'data/schema',
    summary: 'Metafiles have the fields that DVC reads.',
    severity: 'error',
    profile: 'recommended',
    covers: [],
  },
];

export const reading: Reading = {
  target: {
    sha: sampleSha('a'),
    name: 'origin/main',
    subject: 'Add the data of April',
    committedAt: new Date('2026-11-20T12:00:00Z'),
  },
  head: {
    commit: {
      sha: sampleSha('b'),
      name: 'may',
      subject: 'Train on the data of May',
      committedAt: new Date('2026-11-22T10:30:00Z'),
    },
    changedFiles: 3,
  },
  targetIsFetched: true,
  fetchedAt: new Date('2026-11-19T12:00:00Z'),
  notMerged: undefined,
};

/** The report of `modelgate check` over a judgement. */
export function reportOf(one: Judgement): CheckReport {
  const { commit } = reading.head;
  const subject = one === judgements['hostile'] ? hostile : 'Train on the data of May';
  const head = { ...reading.head, commit: commit && { ...commit, subject } };
  return { judgement: one, decision: decide(one), reading: { ...reading, head }, rules, version: '0.1.0' };
}
