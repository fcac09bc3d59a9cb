import type { ShownStatus } from '../../contracts/host.ts';
import type { CheckRun, CommitStatus } from '../../../src/sandbox/github/state-checks.ts';

/** Conclusions of checks, and states of commit statuses. */
const states: Readonly<Record<string, ShownStatus['state']>> = {
  pending: 'running',
  success: 'success',
  failure: 'failure',
  error: 'cancelled',
  action_required: 'action-required',
  cancelled: 'cancelled',
};

/** A check in the words that all hosts share. */
export function stateOfCheck({ status, conclusion, title = '', detailsUrl = '' }: CheckRun): ShownStatus {
  const state = status === 'completed' ? states[conclusion ?? ''] : 'running';
  return { state: state ?? 'running', description: title, url: detailsUrl };
}

/** A commit status in the words that all hosts share. */
export function stateOfStatus({ state, description = '', targetUrl = '' }: CommitStatus): ShownStatus {
  return { state: states[state] ?? 'running', description, url: targetUrl };
}
