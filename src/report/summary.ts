import type { Finding } from '../domain/finding.ts';
import type { CheckResult, Judgement, Unknown } from '../domain/verdict.ts';
import { plural } from './text.ts';

/** All findings of a judgement, worst first, then by file and place. */
export function findingsOf(judgement: Judgement): readonly Finding[] {
  return judgement.checks.flatMap((check) => check.findings).sort(compareFindings);
}

/** Everything that could not be known. */
export function unknownsOf(judgement: Judgement): readonly Unknown[] {
  return judgement.checks.flatMap((check) => check.unknowns);
}

/** Unknowns that the record does not hold. */
export function omittedUnknownsOf(judgement: Judgement): number {
  return judgement.checks.reduce((sum, check) => sum + (check.omittedUnknowns ?? 0), 0);
}

/** Findings that the limit kept out. */
export function omittedOf(judgement: Judgement): number {
  return judgement.checks.reduce((sum, check) => sum + check.omittedFindings, 0);
}

/** The findings that fail the judgement: errors, and under `new-only` those alone that the change brings. */
export function blockersOf(judgement: Judgement): readonly Finding[] {
  const errors = findingsOf(judgement).filter((finding) => finding.severity === 'error');
  return judgement.mode === 'new-only' ? errors.filter((finding) => finding.origin === 'new') : errors;
}

/** What the message of a finding may name in backticks: its file, and what a `.dvc` file stands for. */
export function namesOf({ file }: Finding): readonly string[] {
  if (file === undefined) return [];
  const output = file.replace(/\.dvc$/, '');
  return [file, output, output.slice(output.lastIndexOf('/') + 1)];
}

/** What follows a line number: nothing, or that it is the number of a line on the target branch. */
export function treeWords({ tree }: Finding): string {
  return tree === 'target' ? ' on the target branch' : '';
}

/** `2 errors, 1 warning`; `no findings`. */
export function countFindings(findings: readonly Finding[]): string {
  const parts = (['error', 'warning', 'note'] as const).flatMap((severity) => {
    const count = findings.filter((finding) => finding.severity === severity).length;
    return count === 0 ? [] : [plural(count, severity)];
  });
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

/**
 * What was looked at and how far that goes, `12 outputs, 340 objects proven, 1 pipeline checked`: data is proven to be
 * there, a pipeline only keeps the rules that we have. undefined when there was nothing to check.
 */
export function countsOf(judgement: Judgement): string | undefined {
  const parts = judgement.checks.flatMap((check) => {
    const { things, proven } = countTexts(check.counts);
    // That the policy could be read says nothing about data or pipelines.
    if (check.check === 'policy' || things.length === 0) return [];
    const isProven = proven.length === 0 && check.check === 'data' && (check.counts['outputs'] ?? 0) > 0;
    return [`${things.join(', ')} ${isProven ? 'proven' : 'checked'}`, ...proven];
  });
  return parts.length === 0 ? undefined : parts.join(', ');
}

/**
 * What one check looked at: `['12 outputs', '1 object']`. Where not all of the data is proven to be there, `proven` tells
 * of the objects instead: `['339 of 340 objects proven']`.
 */
export function countTexts(counts: CheckResult['counts']): {
  readonly things: readonly string[];
  readonly proven: readonly string[];
} {
  // Absent in older records, and in checks of other things: all.
  const { outputsProven, objectsProven, ...looked } = counts;
  const { objects, ...others } = looked;
  const isAll =
    (outputsProven ?? looked['outputs']) === looked['outputs'] && (objectsProven ?? objects) === objects;
  if (isAll) return { things: thingTexts(looked), proven: [] };
  return { things: thingTexts(others), proven: [provenText(objectsProven ?? 0, objects ?? 0)] };
}

function thingTexts(counts: CheckResult['counts']): readonly string[] {
  return Object.entries(counts).flatMap(([name, count]) =>
    count > 0 ? [plural(count, singular(name))] : [],
  );
}

/** `339 of 340 objects proven`. */
function provenText(proven: number, objects: number): string {
  return proven === 0 ? 'no object proven' : `${proven} of ${plural(objects, 'object')} proven`;
}

/** `objectsOnRemote` → `objects on remote`; `outputs` → `output`. */
function singular(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  return words.endsWith('ies') ? `${words.slice(0, -3)}y` : words.replace(/s$/, '');
}

const rank = { error: 0, warning: 1, note: 2 } as const;

/** Worst first, then by file and place. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    rank[a.severity] - rank[b.severity] ||
    compareText(a.file ?? '', b.file ?? '') ||
    (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
    (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
    compareText(a.rule, b.rule)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Findings by file, in the order in which files first occur; undefined (an empty name too) is the change as a whole. */
export function groupByFile(
  findings: readonly Finding[],
): ReadonlyMap<string | undefined, readonly Finding[]> {
  const groups = new Map<string | undefined, Finding[]>();
  for (const finding of findings) {
    const file = finding.file === '' ? undefined : finding.file;
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [finding]);
    else group.push(finding);
  }
  return groups;
}
