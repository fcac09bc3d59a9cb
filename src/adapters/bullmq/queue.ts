import { Queue as BullQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { jobKey } from '../../domain/job.ts';
import { askRedis } from '../../net/redis-trouble.ts';
import type { Queue } from '../../ports/queue.ts';
import type { WakeUp, WakeUpPayload, WakeUps } from '../../ports/wake-ups.ts';
import { queueOf, toPayload } from './payload.ts';
import type { QueueName } from './payload.ts';

/** What every user of the queues needs. */
export interface QueueConnection {
  /** A producer's or a worker's: it decides whether pokes fail or wait while Redis is away. */
  readonly connection: Redis;
  /** `Keys.queuePrefix` */
  readonly prefix: string;
  readonly log: Log;
}

/** How full a queue is. */
export interface QueueDepth {
  readonly queue: QueueName;
  readonly waiting: number;
  readonly active: number;
  /** When the job that waits longest was poked. */
  readonly oldest: Date | undefined;
}

/** The queue port, and what probes and shutdown need of it. */
export interface OpenQueue extends Queue {
  /** Whether there is a queue of this name: a newer version may have more. */
  readonly knows: (queue: string) => boolean;
  /** Pokes with a payload of any version. */
  pokeStored(wakeUp: WakeUp): Promise<void>;
  depths(): Promise<readonly QueueDepth[]>;
  /** The connection stays open: it is the caller's. */
  close(): Promise<void>;
}

const queueNames: readonly QueueName[] = ['gate', 'upkeep'];

/** Pokes through BullMQ. @throws RetryableError when Redis is away, frozen or full. */
export function createQueue(options: QueueConnection, wakeUps: WakeUps): OpenQueue {
  const queues = new Map<string, BullQueue>(queueNames.map((name) => [name, openQueue(name, options)]));

  async function add(queue: string, key: string, payload: WakeUpPayload): Promise<void> {
    const target = queues.get(queue);
    if (target === undefined) throw new Error(`there is no queue ${queue}`);
    const options = {
      deduplication: { id: key, keepLastIfActive: true },
      removeOnComplete: true,
      removeOnFail: true,
    };
    await askRedis(() => target.add(payload.kind, payload, options));
  }

  return {
    poke: (job) => add(queueOf(job.kind), jobKey(job), toPayload(job)),
    wakeAt: (job, at) =>
      wakeUps.put({ key: jobKey(job), queue: queueOf(job.kind), payload: toPayload(job), at }),
    knows: (queue) => queues.has(queue),
    pokeStored: ({ queue, key, payload }) => add(queue, key, payload),
    depths: () => Promise.all(queueNames.map((name) => depthOf(name, queues.get(name)))),
    close: async () => void (await Promise.all([...queues.values()].map((queue) => queue.close()))),
  };
}

function openQueue(name: QueueName, { connection, prefix, log }: QueueConnection): BullQueue {
  const queue = new BullQueue(name, {
    connection,
    prefix,
    // Without these two, adding waits for as long as Redis is away (specs stack 6.2); health.ts checks the version.
    skipWaitingForReady: true,
    skipVersionCheck: true,
    streams: { events: { maxLen: 1000 } },
  });
  // The connection logs its own outages; without a listener an error would end the process.
  queue.on('error', (error) => log.debug({ queue: name, reason: messageOf(error) }, 'queue error'));
  return queue;
}

async function depthOf(name: QueueName, queue: BullQueue | undefined): Promise<QueueDepth> {
  if (queue === undefined) return { queue: name, waiting: 0, active: 0, oldest: undefined };
  const [counts, [first]] = await Promise.all([
    queue.getJobCounts('wait', 'active'),
    queue.getJobs('wait', 0, 0, true),
  ]);
  return {
    queue: name,
    waiting: counts['wait'] ?? 0,
    active: counts['active'] ?? 0,
    oldest: first === undefined ? undefined : new Date(first.timestamp),
  };
}
