import { spawnSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CheckReport } from '../../src/report/check-report.ts';
import { renderGithub } from '../../src/report/github.ts';
import { renderGitlabCodequality } from '../../src/report/gitlab-codequality.ts';
import { renderJunit } from '../../src/report/junit.ts';
import type { Finding } from '../../src/domain/finding.ts';
import type { Unknown } from '../../src/domain/verdict.ts';
import { expectCodequality, expectJunit, readWorkflowCommands } from '../support/report-schemas.ts';
import { sampleFinding } from '../support/sample-run.ts';
import { hostile, judgement, judgements, now, reportOf } from './judgements.ts';

const junit = (report: CheckReport) => expectJunit(renderJunit(report, now));
const quality = (report: CheckReport) => expectCodequality(renderGitlabCodequality(report));
const github = (report: CheckReport) => readWorkflowCommands(renderGithub(report));

function reportWith(findings: readonly Finding[], fields: Parameters<typeof judgement>[0] = {}): CheckReport {
  return reportOf(judgement({ checks: [{ check: 'data', counts: { outputs: 1 }, findings }], ...fields }));
}

function unknownOf(fields: Partial<Unknown> = {}): Unknown {
  return { what: 'object 1', cause: 'unreachable', message: 's3 is away', remedy: undefined, ...fields };
}

describe.each(Object.entries(judgements))('%s', (name, one) => {
  const report = reportOf(one);
  const { verdict, blocking } = report.decision;

  test(`${name} — as Code Quality — is what GitLab documents, and empty only when all is well`, () => {
    const entries = quality(report);
    expect(entries.length > 0 || verdict === 'passed').toBe(true);
    expect(entries.some(({ severity }) => ['blocker', 'critical'].includes(severity))).toBe(blocking);
  });

  test(`${name} — as JUnit — keeps to the schemas, and is red exactly when the exit code is`, () => {
    const cases = junit(report);
    expect(cases.length).toBeGreaterThan(0);
    expect(cases.some(({ end }) => end === 'failure' || end === 'error')).toBe(blocking);
  });

  test(`${name} — as annotations — is commands and one line of the verdict`, () => {
    const { commands, lines } = github(report);
    expect(commands.every(({ kind }) => ['error', 'warning', 'notice'].includes(kind))).toBe(true);
    expect(lines).toEqual([expect.stringMatching(new RegExp(`^modelgate: ${verdict}: `)), '']);
  });
});

describe('Code Quality', () => {
  test.each([
    ['an error that blocks', { severity: 'error' }, {}, 'blocker'],
    ['an error in advisory mode', { severity: 'error' }, { mode: 'advisory' }, 'major'],
    ['an error of the target’s', { severity: 'error', origin: 'existing' }, { mode: 'new-only' }, 'major'],
    ['a warning', { severity: 'warning' }, {}, 'minor'],
    ['a note', { severity: 'note' }, {}, 'info'],
  ] as const)('%s — is of its severity', (_, finding, fields, severity) => {
    expect(quality(reportWith([sampleFinding(finding)], fields))).toMatchObject([{ severity }]);
  });

  test.each([
    ['data/a.csv.dvc', 'data/a.csv.dvc'],
    [undefined, '.modelgate.yaml'],
    ['', '.modelgate.yaml'],
    ['caf\udce9.dvc', 'caf\\udce9.dvc'],
    ['two\nlines.dvc', 'two lines.dvc'],
    ['bell\u0007.dvc', 'bell\\u0007.dvc'],
    ['👩\u200d🔬.dvc', '👩\u200d🔬.dvc'],
  ])('the file %j — is the path %s', (file, path) => {
    expect(quality(reportWith([sampleFinding({ file })]))).toMatchObject([{ location: { path } }]);
  });

  test('a place on the target branch — marks no line of the head’s file', () => {
    const [entry] = quality(reportOf(judgements['repaired']!));
    expect(entry).toMatchObject({ location: { path: '.modelgate.yaml', lines: { begin: 1 } } });
    expect(entry?.description).toContain('line 7, column 1 on the target branch');
  });

  test('unknowns — of the same cause — have fingerprints of their own, the same each time', () => {
    const unknowns = [unknownOf(), unknownOf({ what: 'object 2' }), unknownOf()];
    const report = reportOf(judgement({ checks: [{ check: 'data', unknowns }] }));
    expect(quality(report).map(({ check_name }) => check_name)).toEqual(
      Array.from({ length: 3 }, () => 'unknown/unreachable'),
    );
    expect(renderGitlabCodequality(report)).toBe(renderGitlabCodequality(report));
  });

  test('a finding that goes — leaves the fingerprints of the others as they were', () => {
    const [first, second] = ['1', '2'].map((digit) => sampleFinding({ fingerprint: digit.repeat(64) }));
    const both = quality(reportWith([first!, second!]));
    expect(quality(reportWith([second!]))).toEqual([both[1]]);
  });
});

describe('JUnit', () => {
  test('what is told and fails nothing — is skipped with its text', () => {
    const [passed, , told] = junit(reportWith([sampleFinding({ severity: 'warning' })]));
    expect(passed).toMatchObject({ suite: 'policy', end: 'passed' });
    expect(told).toMatchObject({ group: 'data/missing-on-remote', end: 'skipped' });
    expect(told?.text).toContain('Repair: dvc push data.csv.dvc');
  });

  test('what could not be decided — is an error, beside what failed', () => {
    const checks = [{ check: 'data', findings: [sampleFinding()], unknowns: [unknownOf()] }] as const;
    const ends = junit(reportOf(judgement({ checks }))).map(({ end }) => end);
    expect(ends).toEqual(['passed', 'failure', 'error']);
  });

  test('a conflict of no file — says so', () => {
    const finding = sampleFinding({
      rule: 'change/conflict',
      file: undefined,
      place: undefined,
      pointer: '',
    });
    const checks = [{ check: 'change', findings: [finding] }] as const;
    const report = reportOf(judgement({ judged: 'conflict', checks }));
    expect(junit(report).at(-1)).toMatchObject({ name: 'the change as a whole', end: 'failure' });
  });

  test('two findings with one name — are two cases', () => {
    const names = junit(reportWith([sampleFinding(), sampleFinding()])).map(({ name }) => name);
    expect(names.slice(1)).toEqual(['data.csv.dvc at outs/0/md5', 'data.csv.dvc at outs/0/md5 (2)']);
  });

  const xmllint = spawnSync('xmllint', ['--version']).status === 0;
  test.skipIf(!xmllint)('any report — read by xmllint (libxml2-utils) — is well-formed', () => {
    for (const one of Object.values(judgements)) {
      const input = renderJunit(reportOf(one), now);
      const { status, stderr } = spawnSync('xmllint', ['--noout', '-'], { input });
      expect([status, stderr.toString()]).toEqual([0, '']);
    }
  });
});

describe('annotations of GitHub', () => {
  const place = (line: number, column: number, endLine: number, endColumn: number) => ({
    line,
    column,
    endLine,
    endColumn,
  });

  test.each([
    [place(2, 8, 2, 12), { line: '2', endLine: '2', col: '8', endColumn: '11' }],
    [place(2, 8, 2, 8), { line: '2', endLine: '2', col: '8', endColumn: '8' }],
    [place(2, 8, 4, 3), { line: '2', endLine: '4' }],
    [place(2, 8, 3, 1), { line: '2', endLine: '2', col: '8' }],
    [undefined, {}],
  ])('the place %j — is %j: columns only within a line', (at, lines) => {
    const [command] = github(reportWith([sampleFinding({ place: at })])).commands;
    expect(command?.properties).toEqual({ file: 'data.csv.dvc', title: 'data/missing-on-remote', ...lines });
  });

  test('a finding of no file — has no place', () => {
    const [command] = github(reportWith([sampleFinding({ file: undefined })])).commands;
    expect(command?.properties).toEqual({ title: 'data/missing-on-remote' });
  });

  test.each([
    ['100%, done: yes', '100%, done: yes'],
    ['%0A::set-output name=x::y', '%0A::set-output name=x::y'],
    ['a\r\nb\n::error::c', 'a b ::error::c'],
    ['##[error]x', '##[error]x'],
  ])('the text %j — arrives as it was, in one command', (text, arrives) => {
    const { commands, lines } = github(reportWith([sampleFinding({ message: text, rule: text })]));
    expect(commands).toHaveLength(1);
    expect(commands[0]?.message.split('\n')[0]).toBe(arrives);
    expect(commands[0]?.properties['title']).toBe(arrives);
    expect(lines.join('\n')).not.toMatch(/^\s*::|##\[/m);
  });

  test('more than GitHub shows — ten of a kind, the worst first, and a notice that counts the others', () => {
    const findings = (['note', 'warning', 'error'] as const).flatMap((severity) =>
      Array.from({ length: 15 }, (_, index) => sampleFinding({ severity, file: `${severity}/${index}` })),
    );
    const { commands } = github(reportWith(findings));
    const kinds = (kind: string) => commands.filter((command) => command.kind === kind).length;
    expect([kinds('error'), kinds('warning'), kinds('notice')]).toEqual([10, 10, 10]);
    expect(commands[0]?.kind).toBe('error');
    expect(commands.at(-1)?.message).toMatch(/^16 more annotations not shown/);
  });
});

describe('thousands of findings', () => {
  const findings = Array.from({ length: 5000 }, (_, index) =>
    sampleFinding({ file: `data/${index % 100}.dvc`, message: hostile }),
  );
  const report = reportWith(findings);

  test('Code Quality and JUnit hold each of them', () => {
    expect(quality(report)).toHaveLength(5000);
    expect(junit(report).filter(({ end }) => end === 'failure')).toHaveLength(5000);
  });

  test('annotations are ten, and one that counts', () => {
    expect(github(report).commands).toHaveLength(11);
    expect(github(report).commands.at(-1)?.message).toMatch(/^4990 more/);
  });
});

test('any text in any field — every format stays what it is', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  const finding = fc
    .record({ rule: text, message: text, file: text, repair: text, pointer: text })
    .map((fields) => sampleFinding({ ...fields, rule: `data/${fields.rule}` }));
  fc.assert(
    fc.property(finding, text, (one, what) => {
      const checks = [
        { check: 'data', findings: [one], unknowns: [unknownOf({ what, message: what })] },
      ] as const;
      const report = reportOf(judgement({ checks }));
      const { commands, lines } = github(report);
      expect(quality(report)).toHaveLength(2);
      expect(readable(renderJunit(report, now))).toBe(5);
      expect([commands.length, lines.length]).toEqual([2, 2]);
    }),
    { numRuns: 300 },
  );
});

/** Opening tags of cases and suites: whatever a text holds, it makes no further one. */
function readable(xml: string): number {
  return xml.match(/<test(?:case|suite) /g)?.length ?? 0;
}
