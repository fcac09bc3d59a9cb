import { checkVerdict } from '../domain/decision.ts';
import type { Policy } from '../domain/policy.ts';
import type { CheckId, CheckResult, Unknown } from '../domain/verdict.ts';
import { markExisting, type Applied, type Crash } from '../rules/engine.ts';
import type { Collected } from './check.ts';
import { defectText } from './trouble.ts';

/** Unknowns that one check keeps; a run is one record, and a remote that is away concerns every object. */
const maxUnknowns = 100;

/** What a check found out, before it is made into its result. */
export interface Found extends Pick<Collected<unknown>, 'unknowns' | 'wanted' | 'counts'> {
  readonly applied: Applied;
  /** Fingerprints of what the target has as well. */
  readonly target: ReadonlySet<string>;
}

/** The result of a check. Rules that threw and findings beyond the limit are unknowns: nobody looked at them all. */
export function checkResultOf(check: CheckId, found: Found, policy: Policy): CheckResult {
  const { applied, target, wanted, counts } = found;
  const findings = markExisting(applied.findings, target);
  const ours = [...applied.crashes.map(crashUnknown), ...omittedUnknown(check, applied.omitted)];
  const kept = found.unknowns.slice(0, Math.max(0, maxUnknowns - ours.length));
  const unknowns = [...kept, ...ours];
  return {
    check,
    verdict: checkVerdict({ findings, unknowns }, policy.mode),
    findings,
    omittedFindings: applied.omitted,
    unknowns,
    omittedUnknowns: found.unknowns.length - kept.length,
    counts,
    wanted,
  };
}

/** A check that could not look. */
export function blindResult(check: CheckId, unknown: Unknown): CheckResult {
  const nothing = { findings: [], omittedFindings: 0, counts: {}, wanted: [] };
  return { check, verdict: 'undecided', unknowns: [unknown], ...nothing };
}

function omittedUnknown(check: CheckId, omitted: number): readonly Unknown[] {
  if (omitted === 0) return [];
  const message = `${omitted} ${omitted === 1 ? 'finding' : 'findings'} beyond limits.findings`;
  const remedy = 'repair what is shown, or raise limits.findings in the server configuration';
  return [{ what: `check ${check}`, cause: 'limit', message, remedy }];
}

function crashUnknown(crash: Crash): Unknown {
  return {
    what: `rule ${crash.rule}`,
    cause: 'crash',
    message: defectText(crash.thrown),
    remedy: `report it with the log of this run; until then the policy can set ${crash.rule}: off`,
  };
}
