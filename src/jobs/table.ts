import { subjectOf } from '../domain/subject.ts';
import type { FollowUp, Job, JobKind } from '../ports/queue.ts';
import { rerun } from '../commands/rerun.ts';
import { runCommand } from '../commands/run-command.ts';
import type { GateDeps } from '../gate/deps.ts';
import { gateChange } from '../gate/gate-change.ts';
import { lookAgain } from '../gate/look-again.ts';
import { pipelineSeen } from '../gate/pipeline-seen.ts';
import { sweep } from './sweep.ts';

/** Runs one job and says what has to happen next. */
export type RunJob = (job: Job, deps: GateDeps, signal: AbortSignal) => Promise<readonly FollowUp[]>;

/** Every kind of job. */
export const jobTable: Readonly<Record<JobKind, RunJob>> = {
  'gate-change': gate,
  'gate-merge-group': gate,
  'look-again': (job, deps, signal) => lookAgain(subjectOf(job.ids), deps, signal),
  'pipeline-seen': (job, deps, signal) => pipelineSeen(job, deps, signal),
  'run-command': (job, deps, signal) => runCommand(job, deps, signal),
  rerun: (job, deps, signal) => rerun(job, deps, signal),
  sweep: (_job, deps, signal) => sweep(deps, signal),
  release: () => Promise.reject(new Error('no release role')),
};

function gate(job: Job, deps: GateDeps, signal: AbortSignal): Promise<readonly FollowUp[]> {
  const { attempt } = job.ids;
  return gateChange(subjectOf(job.ids), typeof attempt === 'number' ? attempt : 1, deps, signal);
}
