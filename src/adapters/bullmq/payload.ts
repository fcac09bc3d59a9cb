import { z } from 'zod';
import type { Job, JobKind } from '../../ports/queue.ts';
import type { WakeUpPayload } from '../../ports/wake-ups.ts';

/** The version of payloads that this modelgate writes and the newest that it understands. */
export const payloadVersion = 1;

/** A queue of BullMQ; the release queue joins with the release role. */
export type QueueName = 'gate' | 'upkeep';

const queueOfKind: Readonly<Record<JobKind, QueueName>> = {
  'gate-change': 'gate',
  'look-again': 'gate',
  'run-command': 'gate',
  sweep: 'upkeep',
};

/** The queue whose workers run such jobs. */
export function queueOf(kind: JobKind): QueueName {
  return queueOfKind[kind];
}

/** The job as it is stored. */
export function toPayload(job: Job): WakeUpPayload {
  return { v: payloadVersion, kind: job.kind, ids: job.ids };
}

const schema = z.object({
  v: z.number(),
  kind: z.string(),
  ids: z.record(z.string(), z.union([z.string(), z.number()])),
});

/** What a stored payload turned out to be. */
export type ReadPayload =
  | { readonly is: 'job'; readonly job: Job }
  /** Written by a newer version: a newer worker has to run it. */
  | { readonly is: 'newer'; readonly payload: WakeUpPayload }
  | { readonly is: 'broken' };

/** Reads a payload of any version. */
export function readPayload(data: unknown): ReadPayload {
  const { data: payload } = schema.safeParse(data);
  if (payload === undefined) return { is: 'broken' };
  if (payload.v > payloadVersion) return { is: 'newer', payload };
  return isKind(payload.kind)
    ? { is: 'job', job: { kind: payload.kind, ids: payload.ids } }
    : { is: 'broken' };
}

function isKind(kind: string): kind is JobKind {
  return Object.hasOwn(queueOfKind, kind);
}
