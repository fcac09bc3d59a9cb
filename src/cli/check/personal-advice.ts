import type { CheckResult, Judgement, Unknown } from '../../domain/verdict.ts';

/**
 * The judgement with advice for whoever sits at this machine. The collectors advise the readers of a server, which asks
 * again by itself, has limits that can be raised and keeps a log; here none of that is so.
 */
export function withPersonalAdvice(judgement: Judgement): Judgement {
  return { ...judgement, checks: judgement.checks.map(adviseCheck) };
}

function adviseCheck(result: CheckResult): CheckResult {
  // What could not be merged has been said for this machine already.
  if (result.check === 'change') return result;
  const unknowns = result.unknowns.map((unknown) => ({
    ...unknown,
    remedy: advice[unknown.cause] ?? unknown.remedy,
  }));
  return { ...result, unknowns };
}

const advice: Partial<Record<Unknown['cause'], string>> = {
  unreachable:
    'run `modelgate check` again once this machine reaches the remote: `dvc remote list` shows its address, `dvc status --cloud` asks it as DVC does',
  limit:
    'these limits are fixed on a laptop: make or split the files smaller, or let `.modelgate.yaml` on the target choose less (`data.scope: changed`, `pipelines`); a server can have higher limits',
  crash: 'report it with what `modelgate check --format json` prints',
};
