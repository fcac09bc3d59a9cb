import type { Finding } from './finding.ts';
import type { Decision } from './run.ts';
import { combineVerdicts, type CheckResult, type Judgement } from './verdict.ts';

/** The verdict of one check under a mode: `new-only` does not hold against a change what the target has already. */
export function checkVerdict(
  check: Pick<CheckResult, 'findings' | 'unknowns'>,
  mode: Judgement['mode'],
): CheckResult['verdict'] {
  if (check.findings.some((finding) => fails(finding, mode))) return 'failed';
  return check.unknowns.length > 0 ? 'undecided' : 'passed';
}

/** Makes a judgement into what people are told. Pure: approvals and overrides recompute it without running checks. */
export function decide(judgement: Judgement): Decision {
  const verdict = combineVerdicts(judgement.checks.map((check) => checkVerdict(check, judgement.mode)));
  return { verdict, blocking: verdict !== 'passed' && judgement.mode !== 'advisory' };
}

/** Whether the judgement stands only on what a data remote answered, so that a data push alone can change it. */
export function awaitsData(judgement: Judgement): boolean {
  return judgement.checks.some((check) => check.wanted.length > 0);
}

/**
 * Whether the judgement is undecided for want of time, or of the answer of something that nobody asks for by itself, so
 * that only judging again can decide.
 */
export function awaitsTime({ verdict, checks }: Judgement): boolean {
  if (verdict !== 'undecided') return false;
  return checks.some(({ unknowns, wanted }) =>
    unknowns.some(({ cause }) => cause === 'deadline' || (cause === 'unreachable' && wanted.length === 0)),
  );
}

function fails(finding: Finding, mode: Judgement['mode']): boolean {
  return finding.severity === 'error' && (mode !== 'new-only' || finding.origin === 'new');
}
