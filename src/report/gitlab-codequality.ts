import { createHash } from 'node:crypto';
import type { Finding } from '../domain/finding.ts';
import type { Unknown } from '../domain/verdict.ts';
import type { CheckReport } from './check-report.ts';
import { findingText, placeInHead, unknownText } from './finding-text.ts';
import { judgementLine } from './status-line.ts';
import { blockersOf, findingsOf, omittedOf, omittedUnknownsOf, unknownsOf } from './summary.ts';
import { harmlessJson, harmlessLines, oneLine, plural } from './text.ts';

/** How GitLab shows an entry. `blocker`: it fails the verdict. */
type Severity = 'info' | 'minor' | 'major' | 'critical' | 'blocker';

/** One entry of GitLab's Code Quality report: all five fields, and no other, are read. */
interface Entry {
  readonly description: string;
  readonly check_name: string;
  readonly fingerprint: string;
  readonly severity: Severity;
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

/** Where an entry goes that is about no file: every entry has to name one, and the gate's own policy is what it concerns. */
const wholeChange = '.modelgate.yaml';

/**
 * The report as GitLab's `artifacts:reports:codequality` takes it. GitLab keeps one of the entries with
 * the same fingerprint, and an empty list reads as "all is well": so every fingerprint is made unique, and what could
 * not be decided is an entry, too.
 */
export function renderGitlabCodequality(report: CheckReport): string {
  const told = [...findingEntries(report), ...unknownEntries(report)];
  const entries = withUniqueFingerprints(told.length === 0 ? verdictEntries(report) : told);
  return `${harmlessJson(JSON.stringify(entries, undefined, 2))}\n`;
}

/** For verdicts that no finding and no unknown stands for. */
function verdictEntries({ judgement, decision }: CheckReport): readonly Entry[] {
  if (decision.verdict === 'passed') return [];
  const description = oneLine(judgementLine(judgement, decision));
  return [wholeEntry({ name: `modelgate/${decision.verdict}`, description, severity: 'critical' })];
}

function findingEntries({ judgement, decision }: CheckReport): readonly Entry[] {
  const blockers = new Set(decision.blocking ? blockersOf(judgement) : []);
  const entries = findingsOf(judgement).map((finding) => entryOf(finding, blockers.has(finding)));
  const omitted = omittedOf(judgement);
  if (omitted === 0) return entries;
  const description = `${plural(omitted, 'more finding')} beyond the limit of what is kept`;
  return [...entries, wholeEntry({ name: 'modelgate/omitted', description, severity: 'info' })];
}

function entryOf(finding: Finding, blocks: boolean): Entry {
  return {
    description: plain(findingText(finding)),
    check_name: oneLine(finding.rule),
    fingerprint: finding.fingerprint,
    severity: severityOf(finding, blocks),
    location: { path: pathOf(finding), lines: { begin: placeInHead(finding)?.line ?? 1 } },
  };
}

function severityOf({ severity }: Finding, blocks: boolean): Severity {
  if (blocks) return 'blocker';
  return ({ error: 'major', warning: 'minor', note: 'info' } as const)[severity];
}

/**
 * As git has it: relative to the top of the repository. GitLab makes a link of it, and drops the whole report where it
 * cannot: a name with a line break, a control or a lone surrogate in it is shown with escapes.
 */
function pathOf({ file }: Finding): string {
  if (file === undefined || file === '') return wholeChange;
  return /[\p{Cc}\p{Surrogate}]/u.test(file) ? oneLine(file) : file;
}

function unknownEntries({ judgement, decision }: CheckReport): readonly Entry[] {
  const severity = decision.blocking ? 'critical' : 'major';
  const entries = unknownsOf(judgement).map((unknown) => unknownEntry(unknown, severity));
  const omitted = omittedUnknownsOf(judgement);
  if (omitted === 0) return entries;
  const description = `${plural(omitted, 'more thing')} could not be decided`;
  return [...entries, wholeEntry({ name: 'unknown/omitted', description, severity })];
}

function unknownEntry(unknown: Unknown, severity: Severity): Entry {
  return wholeEntry({
    name: `unknown/${unknown.cause}`,
    description: `could not be decided: ${plain(unknownText(unknown))}`,
    severity,
    identity: unknown.what,
  });
}

/** `identity`: what tells it from others of its name, today and tomorrow; the name alone when absent. */
function wholeEntry(fields: {
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly identity?: string;
}): Entry {
  const { name, description, severity, identity = '' } = fields;
  return {
    description,
    check_name: name,
    fingerprint: hashOf(name, identity),
    severity,
    location: { path: wholeChange, lines: { begin: 1 } },
  };
}

/** The first keeps its fingerprint, which is the one that SARIF has; each further one gets one by its place among them. */
function withUniqueFingerprints(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const count = seen.get(entry.fingerprint) ?? 0;
    seen.set(entry.fingerprint, count + 1);
    return count === 0 ? entry : { ...entry, fingerprint: hashOf(entry.fingerprint, String(count)) };
  });
}

function hashOf(...parts: readonly string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex');
}

function plain(text: string): string {
  return harmlessLines(text).join('\n');
}
