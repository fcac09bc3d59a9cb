import { Queue as BullQueue } from 'bullmq';
import type { Redis } from 'ioredis';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { jobKey } from '../../domain/job.ts';
import type { QueueState } from '../../domain/operations.ts';
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

/** The queue port, and what probes and shutdown need of it. */
export interface OpenQueue extends Queue {
  /** Whether there is a queue of this name: a newer version may have more. */
  readonly knows: (queue: string) => boolean;
  /** Pokes with a payload of any version. */
  pokeStored(wakeUp: WakeUp): Promise<void>;
  /** How full the queues are. */
  depths(): Promise<readonly QueueState[]>;
  /** The connection stays open: it is the caller's. */
  close(): Promise<void>;
}

const queueNames: readonly QueueName[] = ['gate', 'release', 'upkeep'];

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
    poke: (job, arrived) =>
      add(queueOf(job.kind), jobKey(job), toPayload(job, { arrived: arrived?.getTime() })),
    wakeAt: (job, at) =>
      wakeUps.put({ key: jobKey(job), queue: queueOf(job.kind), payload: toPayload(job), at }),
    knows: (queue) => queues.has(queue),
    pokeStored: ({ queue, key, payload }) => add(queue, key, payload),
    depths: () => askRedis(() => Promise.all(queueNames.map((name) => depthOf(name, queues.get(name))))),
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

/** Jobs at work that are looked at for the oldest of them. */
const mostActive = 1000;

async function depthOf(name: QueueName, queue: BullQueue | undefined): Promise<QueueState> {
  const empty = { queue: name, waiting: 0, active: 0, oldestWaiting: undefined, oldestActive: undefined };
  if (queue === undefined) return empty;
  const [counts, [first], active] = await Promise.all([
    queue.getJobCounts('wait', 'active'),
    queue.getJobs('wait', 0, 0, true),
    queue.getJobs('active', 0, mostActive - 1),
  ]);
  const begun = active.flatMap((job) => job?.processedOn ?? []);
  return {
    queue: name,
    waiting: counts['wait'] ?? 0,
    active: counts['active'] ?? 0,
    oldestWaiting: first === undefined ? undefined : new Date(first.timestamp).toISOString(),
    oldestActive: begun.length === 0 ? undefined : new Date(Math.min(...begun)).toISOString(),
  };
}
