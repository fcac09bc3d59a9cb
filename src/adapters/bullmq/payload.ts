import { z } from 'zod';
import type { Job, JobKind } from '../../ports/queue.ts';
import type { WakeUpPayload } from '../../ports/wake-ups.ts';

/** The version of payloads that this modelgate writes and the newest that it understands. */
export const payloadVersion = 1;

/** A queue of BullMQ. */
export type QueueName = 'gate' | 'release' | 'upkeep';

const queueOfKind: Readonly<Record<JobKind, QueueName>> = {
  'gate-change': 'gate',
  'gate-merge-group': 'gate',
  'gate-branch': 'gate',
  'look-again': 'gate',
  'pipeline-seen': 'gate',
  'run-command': 'gate',
  rerun: 'gate',
  release: 'release',
  sweep: 'upkeep',
};

/** The queue whose workers run such jobs. */
export function queueOf(kind: JobKind): QueueName {
  return queueOfKind[kind];
}

/** The job as it is stored; `failures`: how often it was tried in vain. */
export function toPayload(
  job: Job,
  more: { readonly failures?: number; readonly arrived?: number | undefined } = {},
): WakeUpPayload {
  const { failures = 0, arrived } = more;
  return {
    v: payloadVersion,
    kind: job.kind,
    ids: job.ids,
    ...(failures === 0 ? {} : { failures }),
    ...(arrived === undefined ? {} : { arrived }),
  };
}

/** Loose: what a newer version wrote beside these is handed back with them. */
const schema = z.looseObject({
  v: z.number(),
  kind: z.string(),
  ids: z.record(z.string(), z.union([z.string(), z.number()])),
  failures: z.number().optional(),
  arrived: z.number().optional(),
});

/** What a stored payload turned out to be. */
export type ReadPayload =
  | {
      readonly is: 'job';
      readonly job: Job;
      readonly failures: number;
      readonly arrived: number | undefined;
    }
  /** Written by a newer version, or of a kind that this one does not know: a newer worker has to run it. */
  | { readonly is: 'newer'; readonly payload: WakeUpPayload }
  | { readonly is: 'broken' };

/** Reads a payload of any version. */
export function readPayload(data: unknown): ReadPayload {
  const { data: payload } = schema.safeParse(data);
  if (payload === undefined) return { is: 'broken' };
  const { kind, ids, failures = 0, arrived } = payload;
  if (payload.v > payloadVersion || !isKind(kind)) return { is: 'newer', payload };
  return { is: 'job', job: { kind, ids }, failures, arrived };
}

function isKind(kind: string): kind is JobKind {
  return Object.hasOwn(queueOfKind, kind);
}
