import type { ChangeSubject } from '../domain/subject.ts';
import type { FollowUp, Job, JobKind } from '../ports/queue.ts';
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
  'gate-change': (job, deps, signal) =>
    gateChange(changeOf(job), numberId(job, 'attempt') ?? 1, deps, signal),
  'look-again': (job, deps, signal) => lookAgain(changeOf(job), deps, signal),
  'pipeline-seen': (job, deps, signal) => pipelineSeen(job, deps, signal),
  'run-command': (job, deps, signal) =>
    runCommand(changeOf(job), String(job.ids['commentId'] ?? ''), deps, signal),
  sweep: (_job, deps, signal) => sweep(deps, signal),
};

function changeOf(job: Job): ChangeSubject {
  const { host, repositoryId } = job.ids;
  return {
    kind: 'change',
    host: String(host),
    repositoryId: String(repositoryId),
    number: numberId(job, 'number') ?? 0,
  };
}

function numberId(job: Job, name: string): number | undefined {
  const value = job.ids[name];
  return typeof value === 'number' ? value : undefined;
}
