import type { QueueName } from '../adapters/bullmq/payload.ts';

/** Which jobs a worker takes: those that read what strangers wrote, those that release, or both. */
export type WorkerRole = 'gate' | 'release' | 'all';

const queues: Readonly<Record<WorkerRole, readonly QueueName[]>> = {
  gate: ['gate', 'upkeep'],
  release: ['release'],
  all: ['gate', 'release', 'upkeep'],
};

/** The queues of a role. */
export function queuesOf(role: WorkerRole): readonly QueueName[] {
  return queues[role];
}

/** The role that a word names; undefined: there is none of this name. */
export function readRole(word: string): WorkerRole | undefined {
  return (['gate', 'release', 'all'] as const).find((role) => role === word);
}
