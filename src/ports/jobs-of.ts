import type { Event } from '../domain/event.ts';
import type { Job } from './queue.ts';

/** The jobs that an event pokes. None: it is about no change, or nothing is to be done about it yet. */
export function jobsOf(event: Event): readonly Job[] {
  if (event.kind === 'branch-moved' || event.number === undefined) return [];
  const { host, id: repositoryId } = event.repository;
  const ids = { host, repositoryId, number: event.number };
  return event.kind === 'command-given'
    ? [{ kind: 'run-command', ids: { ...ids, commentId: event.commentId } }]
    : [{ kind: 'gate-change', ids }];
}
