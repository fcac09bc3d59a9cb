import { awaitsTime } from '../domain/decision.ts';
import type { Decision, Run } from '../domain/run.ts';
import { shortSha } from '../domain/repository.ts';
import type { Judgement } from '../domain/verdict.ts';
import { blockersOf, countFindings, countsOf, findingsOf, omittedUnknownsOf, unknownsOf } from './summary.ts';
import { oneLine, plural, shorten, shortenPath } from './text.ts';

/** A run in one line of plain text, the most important words first: hosts cut it. */
export function statusLine(run: Run, disclose: 'names' | 'counts' = 'names'): string {
  if (run.state === 'judged') return judgedLine(run, disclose);
  return {
    running: runningLine(run, disclose),
    superseded: 'superseded by a newer commit',
    cancelled: 'cancelled',
  }[run.state];
}

function runningLine({ change, subject }: Run, disclose: 'names' | 'counts'): string {
  if (subject.kind === 'branch') {
    const where = disclose === 'names' ? oneLine(subject.branch) : 'its branch';
    return `checking ${shortSha(change.head)}, the tip of ${where}`;
  }
  const target = disclose === 'names' ? oneLine(change.targetBranch) : 'its target';
  return `checking ${shortSha(change.head)} as merged into ${target}`;
}

function judgedLine(run: Run, disclose: 'names' | 'counts'): string {
  if (run.judgement === undefined || run.decision === undefined) {
    // Trouble is told in words of the host and of git, which may hold names.
    if (disclose === 'counts') return 'could not decide: see the details page';
    return `could not decide: ${oneLine(run.trouble ?? 'the evaluation ended without a result')}`;
  }
  const line =
    disclose === 'names'
      ? judgementLine(run.judgement, run.decision)
      : countsLine(run.judgement, run.decision);
  return `${line}${nextLook(run)}`;
}

/** A new text is a new job in the host's pipeline: looks that are soon over share one. */
const soonMs = 60 * 60 * 1000;

/** What happens at the next look, and when; looks in the first hour after the verdict are minutes away and have no time. */
function nextLook({ looks, judgement }: Run): string {
  if (looks?.next === undefined || judgement === undefined) return '';
  const what = awaitsTime(judgement) ? 'is judged again' : 'asks the remote again';
  const soon = Date.parse(looks.next) - Date.parse(looks.since) <= soonMs;
  return soon ? `; ${what} by itself` : `; ${what} at ${clockTime(looks.next)}`;
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
  return `${counts}${rest}`;
}

function failedLine(judgement: Judgement): string {
  const blockers = blockersOf(judgement);
  const [first] = blockers;
  if (first === undefined) return 'failed';
  const rules = new Set(blockers.map((finding) => finding.rule));
  const files = new Set(blockers.flatMap(({ file }) => (file ? [file] : [])));
  const others = rules.size > 1 ? ` and ${plural(rules.size - 1, 'more rule')}` : '';
  const many = files.size > 1 ? ` in ${files.size} files` : '';
  const [only] = files.size === 1 ? files : [];
  const where = only === undefined ? '' : ` in ${shortenPath(oneLine(only), 60)}`;
  return `${countFindings(blockers)}${many}: ${first.rule}${others}${where}`;
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
  const more = unknowns.length - 1 + omittedUnknownsOf(judgement);
  const others = more > 0 ? ` (and ${more} more)` : '';
  return `could not decide: ${shorten(oneLine(first.message), 90)}${others}`;
}

/** `2026-11-22T14:05:30Z` → `14:05 UTC`. */
function clockTime(iso: string): string {
  return `${iso.slice(11, 16)} UTC`;
}
