import type { Decision, Run } from '../domain/run.ts';
import { shortSha } from '../domain/repository.ts';
import type { Judgement } from '../domain/verdict.ts';
import { blockersOf, countFindings, countsOf, findingsOf, unknownsOf } from './summary.ts';
import { oneLine, shorten, shortenPath } from './text.ts';

/** A run in one line of plain text, the most important words first: hosts cut it. */
export function statusLine(run: Run, disclose: 'names' | 'counts' = 'names'): string {
  if (run.state === 'judged') return judgedLine(run, disclose);
  return {
    running: `checking ${shortSha(run.change.head)} as merged into ${oneLine(run.change.targetBranch)}`,
    superseded: 'superseded by a newer commit',
    cancelled: 'cancelled',
  }[run.state];
}

function judgedLine(run: Run, disclose: 'names' | 'counts'): string {
  if (run.judgement === undefined || run.decision === undefined) {
    return `could not decide: ${oneLine(run.trouble ?? 'the evaluation ended without a result')}`;
  }
  const next = run.looks?.next;
  const line =
    disclose === 'names' ? judgementLine(run.judgement, run.decision) : countsLine(run.judgement, run.decision);
  // In front of what may be cut: whoever waits wants to know for when.
  return next === undefined ? line : `${line}; asks the remote again at ${clockTime(next)}`;
}

/** The same without a name of the repository's: only how much of what. */
function countsLine(judgement: Judgement, decision: Decision): string {
  if (decision.verdict === 'passed') return judgementLine(judgement, decision);
  if (judgement.judged === 'conflict') return 'conflict: cannot be merged into the target branch';
  const what = decision.verdict === 'failed' ? countFindings(blockersOf(judgement)) : 'could not decide';
  return `${judgement.mode === 'advisory' ? 'advisory: ' : ''}${what}: the details page says more`;
}

/** A judgement in one line. */
export function judgementLine(judgement: Judgement, decision: Decision): string {
  const line = verdictLine(judgement, decision);
  return judgement.mode === 'advisory' && decision.verdict !== 'passed' ? `advisory: ${line}` : line;
}

function verdictLine(judgement: Judgement, decision: Decision): string {
  if (decision.verdict === 'passed') return passedLine(judgement);
  if (decision.verdict === 'undecided') return undecidedLine(judgement);
  if (decision.verdict === 'waiting') return 'waiting for somebody who may push to trust this change';
  return judgement.judged === 'conflict' ? conflictLine(judgement) : failedLine(judgement);
}

function passedLine(judgement: Judgement): string {
  const counts = countsOf(judgement);
  const findings = findingsOf(judgement);
  const rest = findings.length === 0 ? '' : `; ${countFindings(findings)} to read`;
  if (counts === undefined) return `nothing to check: no tracked data and no pipeline is concerned${rest}`;
  return `${counts} proven${rest}`;
}

function failedLine(judgement: Judgement): string {
  const blockers = blockersOf(judgement);
  const [first] = blockers;
  if (first === undefined) return 'failed';
  const rules = new Set(blockers.map((finding) => finding.rule));
  const where = !first.file ? '' : ` in ${shortenPath(oneLine(first.file), 60)}`;
  const others = rules.size > 1 ? ` and ${rules.size - 1} more` : '';
  return `${countFindings(blockers)}: ${first.rule}${where}${others}`;
}

function conflictLine(judgement: Judgement): string {
  const files = new Set(blockersOf(judgement).flatMap((finding) => (finding.file ? [finding.file] : [])));
  const [first] = files;
  if (first === undefined) return 'conflict: cannot be merged into the target branch';
  const others = files.size > 1 ? ` and ${files.size - 1} more` : '';
  return `conflict: cannot be merged because of ${shortenPath(oneLine(first), 60)}${others}`;
}

function undecidedLine(judgement: Judgement): string {
  const unknowns = unknownsOf(judgement);
  const [first] = unknowns;
  if (first === undefined) return 'could not decide';
  const others = unknowns.length > 1 ? ` (and ${unknowns.length - 1} more)` : '';
  return `could not decide: ${shorten(oneLine(first.message), 90)}${others}`;
}

/** `2026-11-22T14:05:30Z` → `14:05 UTC`. */
function clockTime(iso: string): string {
  return `${iso.slice(11, 16)} UTC`;
}
