import type { Pipeline, PipelineStatus } from '../state.ts';

/** The state of a pipeline from its CI jobs and the posted statuses that no newer one hides. */
export function compositeStatus(pipeline: Pipeline): PipelineStatus {
  const posted = pipeline.statuses.filter((status) => !status.retried).map((status) => status.status);
  const all = pipeline.ciStatus === undefined ? posted : [pipeline.ciStatus, ...posted];
  return combine(new Set(all));
}

function combine(states: ReadonlySet<PipelineStatus>): PipelineStatus {
  if (states.size === 0) return 'created';
  const [only] = states;
  if (states.size === 1 && only !== undefined) return only;
  if (states.has('running') || states.has('pending') || states.has('created')) {
    const waiting = !states.has('running') && ![...states].some(isFinished);
    return waiting ? 'pending' : 'running';
  }
  if (states.has('failed')) return 'failed';
  return states.has('canceled') ? 'canceled' : 'success';
}

/** Whether a state is an end. */
export function isFinished(status: PipelineStatus): boolean {
  return status === 'success' || status === 'failed' || status === 'canceled' || status === 'skipped';
}
