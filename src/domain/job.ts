import type { Event } from './event.ts';
import type { LineId } from './release.ts';
import { idsOf, type Subject, type SubjectIds } from './subject.ts';

/** Kinds of jobs; the job table in `jobs/` has one entry for each. */
export type JobKind =
  | 'gate-change'
  | 'gate-merge-group'
  | 'gate-branch'
  | 'look-again'
  | 'pipeline-seen'
  | 'run-command'
  | 'rerun'
  | 'release'
  | 'sweep';

/** A job is a poke: ids only, so that the worker re-reads what is true. Payloads grow, they never change. */
export interface Job {
  readonly kind: JobKind;
  /** Flat ids: those of its subject, environment, commentId, attempt; sha, pipelineId and personId of what made it. */
  readonly ids: SubjectIds;
}

/** What a use case asks to happen next; `jobs/` enqueues it. `at` undefined: now. */
export interface FollowUp extends Job {
  readonly at: Date | undefined;
  /** Why it has to be done again, where it is another try at what just failed. */
  readonly trouble?: Trouble | undefined;
}

/** Why something failed. */
export interface Trouble {
  /** One sentence for people, without secrets. */
  readonly reason: string;
  /** `outside`: a host, git, Redis or time. `user`: somebody can repair it. `defect`: of modelgate. */
  readonly cause: 'outside' | 'user' | 'defect';
}

/** The name under which pokes of a job are deduplicated; no `:` in it (BullMQ reserves it). */
export function jobKey(job: Job): string {
  const { host, repositoryId, number, branch, environment, commentId, sha, pipelineId, personId } = job.ids;
  // A branch may be called as a change is numbered; none is called with a `~`.
  const tip = job.ids['tip'] === undefined ? undefined : `~${job.ids['tip']}`;
  const about = [host, repositoryId, number, branch, environment, tip];
  const parts = [job.kind, ...about, commentId, sha, pipelineId, personId];
  return parts.filter((part) => part !== undefined).join('/');
}

/** The job that brings what the host shows of a subject into agreement with what it is. */
export function gateJob(subject: Subject): Job {
  return { kind: gateKinds[subject.kind], ids: idsOf(subject) };
}

/** The job that drives the releases of a line; `branch` is the one whose tip is released. */
export function releaseJob({ host, repositoryId, environment }: LineId, branch: string): Job {
  return { kind: 'release', ids: { host, repositoryId, environment, tip: branch } };
}

const gateKinds = {
  change: 'gate-change',
  'merge-group': 'gate-merge-group',
  branch: 'gate-branch',
} as const satisfies Record<Subject['kind'], JobKind>;

/** The jobs that an event pokes. None: nothing is to be done about it yet. */
export function jobsOf(event: Event): readonly Job[] {
  if (event.kind === 'access-changed') return [{ kind: 'sweep', ids: {} }];
  const { host, id: repositoryId } = event.repository;
  const ids = { host, repositoryId };
  switch (event.kind) {
    case 'branch-moved':
      // Whether the branch is released at all, the worker asks.
      return event.after === undefined ? [] : [gateJob({ kind: 'branch', ...ids, branch: event.branch })];
    case 'change-touched':
      return [{ kind: 'gate-change', ids: { ...ids, number: event.number } }];
    case 'merge-group-touched':
      return [{ kind: 'gate-merge-group', ids: { ...ids, branch: event.branch } }];
    case 'command-given': {
      const { number, commentId } = event;
      return [{ kind: 'run-command', ids: { ...ids, number, commentId } }];
    }
    case 'rerun-asked': {
      const { sha, branch, personId } = event;
      return [{ kind: 'rerun', ids: { ...ids, sha, personId, ...(branch !== undefined && { branch }) } }];
    }
    case 'pipeline-seen': {
      const { number, sha, pipelineId } = event;
      // A pipeline of a branch names no change: the worker asks which ones have its commit for a head.
      return number === undefined
        ? [{ kind: 'pipeline-seen', ids: { ...ids, sha, pipelineId } }]
        : [{ kind: 'gate-change', ids: { ...ids, number } }];
    }
    default:
      throw new Error(`unknown event ${String(event satisfies never)}`);
  }
}
