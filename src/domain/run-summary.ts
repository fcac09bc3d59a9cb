import { awaitsTime } from './decision.ts';
import type { Change } from './change.ts';
import type { Finding } from './finding.ts';
import type { Run } from './run.ts';
import type { Subject } from './subject.ts';
import type { CheckResult, Verdict } from './verdict.ts';

/**
 * What lists and open pages need of a run: about a kilobyte, where the run itself may be megabytes. It is stored beside
 * the run, in the same step, and made from it where that did not happen yet.
 */
export interface RunSummary {
  readonly v: 1;
  /** That of the run: another one means that the run has changed. */
  readonly rev: number;
  readonly id: string;
  readonly subject: Subject;
  readonly change: Pick<
    Change,
    'repository' | 'number' | 'reference' | 'title' | 'url' | 'head' | 'source' | 'targetBranch'
  >;
  readonly state: Run['state'];
  /** What people are told; undefined while there is nothing to tell. */
  readonly verdict: Verdict | undefined;
  readonly blocking: boolean;
  /** Nothing in the change was any check's business. */
  readonly checkedNothing: boolean;
  readonly conflict: boolean;
  readonly trouble: string | undefined;
  /** ISO times of the first and the last entry of the timeline. */
  readonly began: string | undefined;
  readonly changed: string | undefined;
  readonly findings: FindingCounts;
  readonly unknowns: number;
  /** When something is asked again by itself: the objects that are missing, or, for want of time, everything. */
  readonly next: { readonly at: string; readonly what: 'objects' | 'all' } | undefined;
}

/** Findings that the change brings by severity, and those that the target has as well. */
export interface FindingCounts {
  readonly error: number;
  readonly warning: number;
  readonly note: number;
  readonly existing: number;
  /** Beyond the limit of what a record keeps. */
  readonly omitted: number;
}

/** Titles and branches are as long as people make them. */
const longest = 300;

/** The summary of a run. Its size does not grow with the findings. */
export function summaryOf(run: Run): RunSummary {
  const { v, rev, id, subject, state, judgement, decision, trouble, timeline, looks } = run;
  const { repository, number, reference, title, url, head, source, targetBranch } = run.change;
  const checks = judgement?.checks ?? [];
  const verdict =
    decision?.verdict ?? judgement?.verdict ?? (trouble === undefined ? undefined : 'undecided');
  const what = judgement !== undefined && awaitsTime(judgement) ? 'all' : 'objects';
  return {
    v,
    rev,
    id,
    subject,
    change: {
      repository,
      number,
      reference,
      title: title.slice(0, longest),
      url,
      head,
      source: { ...source, branch: source.branch.slice(0, longest) },
      targetBranch: targetBranch.slice(0, longest),
    },
    state,
    verdict,
    blocking: decision?.blocking ?? verdict !== 'passed',
    checkedNothing: judgement !== undefined && checks.every(isEmpty),
    conflict: judgement?.judged === 'conflict',
    trouble: trouble?.slice(0, 2 * longest),
    began: timeline[0]?.at,
    changed: timeline.at(-1)?.at,
    findings: countsOf(checks),
    unknowns: sum(checks, (check) => check.unknowns.length + (check.omittedUnknowns ?? 0)),
    next: judgement === undefined || looks?.next === undefined ? undefined : { at: looks.next, what },
  };
}

/** Whether a check had nothing to look at. */
function isEmpty({ counts }: CheckResult): boolean {
  return Object.values(counts).every((count) => count === 0);
}

function countsOf(checks: readonly CheckResult[]): FindingCounts {
  const of = (holds: (finding: Finding) => boolean): number =>
    sum(checks, ({ findings }) => findings.filter(holds).length);
  const fresh = (severity: Finding['severity']): number =>
    of((finding) => finding.origin === 'new' && finding.severity === severity);
  return {
    error: fresh('error'),
    warning: fresh('warning'),
    note: fresh('note'),
    existing: of(({ origin }) => origin === 'existing'),
    omitted: sum(checks, (check) => check.omittedFindings),
  };
}

function sum(checks: readonly CheckResult[], count: (check: CheckResult) => number): number {
  return checks.reduce((total, check) => total + count(check), 0);
}
