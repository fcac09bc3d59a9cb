import { subjectOf } from '../domain/subject.ts';
import type { FollowUp, Job, JobKind } from '../ports/queue.ts';
import { rerun } from '../commands/rerun.ts';
import { runCommand } from '../commands/run-command.ts';
import type { GateDeps } from '../gate/deps.ts';
import { gateBranch } from '../gate/gate-branch.ts';
import { gateChange } from '../gate/gate-change.ts';
import { lookAgain } from '../gate/look-again.ts';
import { pipelineSeen } from '../gate/pipeline-seen.ts';
import { sweep } from './sweep.ts';

/** What jobs need. */
export interface JobDeps extends GateDeps {
  /** Drives the line of releases that a job of the kind `release` names. */
  release(job: Job, signal: AbortSignal): Promise<readonly FollowUp[]>;
}

/** Runs one job and says what has to happen next. */
export type RunJob = (job: Job, deps: JobDeps, signal: AbortSignal) => Promise<readonly FollowUp[]>;

/** Every kind of job. */
export const jobTable: Readonly<Record<JobKind, RunJob>> = {
  'gate-change': gate,
  'gate-merge-group': gate,
  'gate-branch': gate,
  'look-again': (job, deps, signal) => lookAgain(subjectOf(job.ids), deps, signal),
  'pipeline-seen': (job, deps, signal) => pipelineSeen(job, deps, signal),
  'run-command': (job, deps, signal) => runCommand(job, deps, signal),
  rerun: (job, deps, signal) => rerun(job, deps, signal),
  release: (job, deps, signal) => deps.release(job, signal),
  sweep: (_job, deps, signal) => sweep(deps, signal),
};

function gate(job: Job, deps: GateDeps, signal: AbortSignal): Promise<readonly FollowUp[]> {
  const attempt = typeof job.ids['attempt'] === 'number' ? job.ids['attempt'] : 1;
  const subject = subjectOf(job.ids);
  return subject.kind === 'branch'
    ? gateBranch(subject, attempt, deps, signal)
    : gateChange(subject, attempt, deps, signal);
}
