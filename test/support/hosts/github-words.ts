import type { ApiFault } from '../../../src/sandbox/github/api/faults.ts';
import type { ShownStatus } from '../../contracts/host.ts';
import type { CheckRun, CommitStatus } from '../../../src/sandbox/github/state-checks.ts';
import type { RequestKind, StoryFault, StoryStatus } from './story-host.ts';

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

/** The state of a deployment's newest status in the words that all hosts share. */
export function stateOfDeployment(state: string | undefined): ShownStatus['state'] {
  if (state === 'success' || state === 'failure') return state;
  return state === 'inactive' ? 'cancelled' : 'running';
}

/** GitHub shows the newest check or status of a name. */
export function onlyLastShown(all: readonly Omit<StoryStatus, 'hidden'>[]): readonly StoryStatus[] {
  return all.map((status, index) => ({ ...status, hidden: index < all.length - 1 }));
}

/** What a request is for. */
export function kindOf({ method, path }: { readonly method: string; readonly path: string }): RequestKind {
  if (method === 'GET' && /\/pulls\/\d+$/.test(path)) return 'read';
  if (method !== 'GET' && /\/deployments(?:\/|$)/.test(path)) return 'deployment';
  if (method !== 'GET' && /\/(?:check-runs|statuses)(?:\/|$)/.test(path)) return 'status';
  if (method !== 'GET' && path.includes('/comments')) return 'comment';
  return path.includes('/collaborators/') ? 'permission' : 'other';
}

/** A fault in the words of the stand-in. */
export function faultOf(fault: StoryFault): ApiFault {
  if (fault.kind === 'broken') return { kind: 'status', status: fault.status };
  if (fault.kind === 'busy') return { kind: 'secondary-limit', retryAfter: fault.retryAfter };
  return { kind: fault.kind === 'lost' ? 'applied-then-502' : fault.kind };
}
