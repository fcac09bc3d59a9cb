import type { Run } from '../domain/run.ts';
import { statusLine } from './status-line.ts';

/** What the host shows beside the head; never neutral or skipped, both would satisfy a required check. */
export interface RunStatus {
  readonly state: 'running' | 'success' | 'failure' | 'action-required' | 'cancelled';
  readonly description: string;
  readonly url: string;
}

/** The status of a run; `url` is its details page. `counts`: no names of files, for public repositories. */
export function statusOf(
  run: Run,
  { url, disclose }: { readonly url: string; readonly disclose: 'names' | 'counts' },
): RunStatus {
  return { state: stateOf(run), description: statusLine(run, disclose), url };
}

function stateOf(run: Run): RunStatus['state'] {
  if (run.state === 'running') return 'running';
  if (run.state !== 'judged') return 'cancelled';
  if (run.decision === undefined) return 'failure';
  if (!run.decision.blocking) return 'success';
  return run.decision.verdict === 'waiting' ? 'action-required' : 'failure';
}
