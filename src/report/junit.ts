import type { Finding } from '../domain/finding.ts';
import type { CheckResult, Unknown } from '../domain/verdict.ts';
import type { CheckReport } from './check-report.ts';
import { findingText, unknownText } from './finding-text.ts';
import { judgementLine } from './status-line.ts';
import { blockersOf, compareFindings, countTexts, treeWords } from './summary.ts';
import { oneLine, plural, shorten } from './text.ts';
import { element, textElement } from './xml.ts';

/** A test case: what it is about, and how it ended. */
interface Case {
  /** `data/missing-on-remote`: shown as the class. */
  readonly group: string;
  /** Stable from run to run: readers tell by it what is new and what was repaired. */
  readonly name: string;
  readonly end:
    | { readonly kind: 'passed' }
    | {
        readonly kind: 'failure' | 'error' | 'skipped';
        readonly message: string;
        readonly text: string;
      };
}

/**
 * The report as JUnit XML, a suite for each check: a failure for each finding that fails the verdict, an error for what
 * could not be decided, and "skipped" for what is told and fails nothing (JUnit has no warning). So the file is red
 * exactly when the exit code is not 0. It keeps to the schema of Ant's report, which is the strictest, and to Jenkins'.
 */
export function renderJunit(report: CheckReport, now: Date): string {
  const blockers = new Set(report.decision.blocking ? blockersOf(report.judgement) : []);
  const suites = report.judgement.checks.map((check) => suiteOf(check, blockers, report));
  const known = suites.flatMap(({ cases }) => cases);
  if (report.decision.blocking && !known.some(isRed)) suites.push(verdictSuite(report));
  const xml = uniquelyNamed(suites).map(({ name, cases, facts }, id) =>
    suiteXml({ name, cases, facts, id, now }),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n${element('testsuites', {}, xml)}\n`;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
  /** What was looked at, for people. */
  readonly facts: string;
}

function isRed({ end }: Case): boolean {
  return end.kind === 'failure' || end.kind === 'error';
}

function suiteOf(check: CheckResult, blockers: ReadonlySet<Finding>, report: CheckReport): Suite {
  const { blocking } = report.decision;
  const cases: Case[] = [...check.findings]
    .sort(compareFindings)
    .map((finding) => findingCase(finding, blockers.has(finding)));
  for (const unknown of check.unknowns) cases.push(unknownCase(unknown, blocking));
  const omittedUnknowns = check.omittedUnknowns ?? 0;
  if (omittedUnknowns > 0) {
    const message = `${plural(omittedUnknowns, 'more thing')} could not be decided`;
    cases.push(toldCase('unknown/omitted', blocking ? 'error' : 'skipped', message));
  }
  if (check.omittedFindings > 0) {
    const message = `${plural(check.omittedFindings, 'more finding')} beyond the limit of what is kept`;
    cases.push(toldCase('modelgate/omitted', 'skipped', message));
  }
  if (check.verdict === 'passed') {
    cases.unshift({ group: check.check, name: 'the check as a whole', end: { kind: 'passed' } });
  }
  const { things, proven } = countTexts(check.counts);
  const facts = [...things, ...proven].join(', ');
  return { name: check.check, cases, facts: facts === '' ? 'nothing to check' : facts };
}

/** For verdicts that no finding and no unknown stands for. */
function verdictSuite({ judgement, decision }: CheckReport): Suite {
  const line = judgementLine(judgement, decision);
  return { name: 'verdict', cases: [toldCase('modelgate/verdict', 'error', line)], facts: line };
}

function findingCase(finding: Finding, blocks: boolean): Case {
  const { rule, file, place, pointer, severity } = finding;
  const line = place === undefined ? '' : `:${place.line}:${place.column}${treeWords(finding)}`;
  const where = file === undefined || file === '' ? 'the change as a whole' : file;
  return {
    group: rule,
    name: pointer === '' ? where : `${where} at ${pointer}`,
    end: {
      kind: blocks ? 'failure' : 'skipped',
      message: `${severity}: ${finding.message}`,
      text: `${oneLine(where)}${line}\n${findingText(finding)}`,
    },
  };
}

function unknownCase(unknown: Unknown, blocking: boolean): Case {
  return {
    group: `unknown/${unknown.cause}`,
    name: unknown.what,
    end: {
      kind: blocking ? 'error' : 'skipped',
      message: `could not be decided: ${unknown.message}`,
      text: unknownText(unknown),
    },
  };
}

function toldCase(group: string, kind: 'error' | 'skipped', message: string): Case {
  return { group, name: message, end: { kind, message, text: message } };
}

function suiteXml({
  name,
  cases,
  facts,
  id,
  now,
}: Suite & { readonly id: number; readonly now: Date }): string {
  const count = (kind: Case['end']['kind']): number => cases.filter(({ end }) => end.kind === kind).length;
  const attributes = {
    name,
    package: 'modelgate',
    id,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: 0,
    // The schema takes no time zone.
    timestamp: now.toISOString().slice(0, 19),
    hostname: 'localhost',
  };
  return element('testsuite', attributes, [
    element('properties', {}),
    ...cases.map(caseXml),
    textElement('system-out', {}, facts),
    element('system-err', {}),
  ]);
}

/** GitLab keeps one of two cases whose class and name are the same, in whatever suite they are. */
function uniquelyNamed(suites: readonly Suite[]): readonly Suite[] {
  const seen = new Map<string, number>();
  const renamed = (one: Case): Case => {
    const name = shorten(oneLine(one.name), 250);
    const key = `${one.group}\0${name}`;
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return { ...one, name: count === 1 ? name : `${name} (${count})` };
  };
  return suites.map((suite) => ({ ...suite, cases: suite.cases.map(renamed) }));
}

function caseXml({ group, name, end }: Case): string {
  const attributes = { name, classname: `modelgate.${group}`, time: 0 };
  if (end.kind === 'passed') return element('testcase', attributes);
  const type = end.kind === 'skipped' ? {} : { type: group };
  const message = { message: shorten(oneLine(end.message), 500), ...type };
  return element('testcase', attributes, [textElement(end.kind, message, end.text)]);
}
