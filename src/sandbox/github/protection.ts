import type { RequiredCheck, Repository } from './state.ts';
import type { CheckRun } from './state-checks.ts';

/** How a required check stands on a commit: `expected` is one that nobody ever reported. */
export interface CheckStanding {
  readonly context: string;
  readonly state: 'expected' | 'pending' | 'passing' | 'failing';
}

const good = new Set(['success', 'skipped', 'neutral']);

/** What protection makes of a commit: the newest run of each name and App, and the newest status of that context. */
export function protectionOf(repository: Repository, branch: string, sha: string): readonly CheckStanding[] {
  const required = repository.protection.get(branch)?.requiredChecks ?? [];
  return required.map((check) => ({ context: check.context, state: standing(repository, check, sha) }));
}

/** A status and a check of one name are both required. */
function standing(repository: Repository, required: RequiredCheck, sha: string): CheckStanding['state'] {
  const runs = latestRuns(repository.checkRuns.filter((run) => run.suite.headSha === sha)).filter(
    (run) => run.name === required.context && (required.app ?? run.suite.app) === run.suite.app,
  );
  const context = required.context.toLowerCase();
  const status = repository.statuses.findLast(
    (entry) => entry.sha === sha && entry.context.toLowerCase() === context && required.app === undefined,
  );
  const states = [...runs.map(stateOf), ...(status === undefined ? [] : [statusStates[status.state]])];
  if (states.length === 0) return 'expected';
  if (states.includes('failing')) return 'failing';
  return states.includes('pending') ? 'pending' : 'passing';
}

const statusStates = {
  error: 'failing',
  failure: 'failing',
  pending: 'pending',
  success: 'passing',
} as const;

function stateOf(run: CheckRun): 'pending' | 'passing' | 'failing' {
  if (run.status !== 'completed') return 'pending';
  return good.has(run.conclusion ?? '') ? 'passing' : 'failing';
}

/** The newest run of every name and App, newest first. */
export function latestRuns(runs: readonly CheckRun[]): readonly CheckRun[] {
  const newest = new Map<string, CheckRun>();
  for (const run of runs) newest.set(`${run.suite.app.id} ${run.name}`, run);
  return [...newest.values()].toSorted((one, other) => other.id - one.id);
}
