import type { Event } from './event.ts';

/** Kinds of jobs; the job table in `jobs/` has one entry for each. */
export type JobKind = 'gate-change' | 'look-again' | 'pipeline-seen' | 'run-command' | 'sweep';

/** A job is a poke: ids only, so that the worker re-reads what is true. Payloads grow, they never change. */
export interface Job {
  readonly kind: JobKind;
  /** Flat ids: host, repositoryId, number, commentId, attempt; sha and pipelineId of a pipeline. */
  readonly ids: Readonly<Record<string, string | number>>;
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
  const { host, repositoryId, number, commentId, sha, pipelineId } = job.ids;
  const parts = [job.kind, host, repositoryId, number, commentId, sha, pipelineId];
  return parts.filter((part) => part !== undefined).join('/');
}

/** The jobs that an event pokes. None: nothing is to be done about it yet. */
export function jobsOf(event: Event): readonly Job[] {
  const { host, id: repositoryId } = event.repository;
  switch (event.kind) {
    case 'branch-moved':
      return [];
    case 'change-touched':
      return [{ kind: 'gate-change', ids: { host, repositoryId, number: event.number } }];
    case 'command-given': {
      const { number, commentId } = event;
      return [{ kind: 'run-command', ids: { host, repositoryId, number, commentId } }];
    }
    case 'pipeline-seen': {
      const { number, sha, pipelineId } = event;
      // A pipeline of a branch names no change: the worker asks which ones have its commit for a head.
      return number === undefined
        ? [{ kind: 'pipeline-seen', ids: { host, repositoryId, sha, pipelineId } }]
        : [{ kind: 'gate-change', ids: { host, repositoryId, number } }];
    }
    default:
      throw new Error(`unknown event ${String(event satisfies never)}`);
  }
}
