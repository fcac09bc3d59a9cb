import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { createQueue } from '../../../src/adapters/bullmq/queue.ts';
import type { OpenQueue } from '../../../src/adapters/bullmq/queue.ts';
import { connectProducer } from '../../../src/adapters/redis/connect.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createWakeUps } from '../../../src/adapters/redis/wake-ups.ts';
import type { Job } from '../../../src/ports/queue.ts';
import type { WakeUps } from '../../../src/ports/wake-ups.ts';
import { createKeptLog } from '../../support/log.ts';
import { outagesTo } from '../../support/outages.ts';
import { eventually, startRedis } from '../../support/redis.ts';
import type { TestRedis } from '../../support/redis.ts';
import { startWorker } from './start-worker.ts';

const { log } = createKeptLog();

/** The keys of these tests. */
export const keys = createKeys('t');
/** Made anew for each test file, and emptied before each test. */
export let redis: TestRedis;
export let queue: OpenQueue;
export let wakeUps: WakeUps;
let disconnect: () => void;
let ends: (() => Promise<void>)[] = [];

beforeAll(async () => {
  redis = await startRedis();
  const connection = connectProducer(redis.url, outagesTo(log));
  wakeUps = createWakeUps(connection, keys, log);
  queue = createQueue({ connection, prefix: keys.queuePrefix, log }, wakeUps);
  disconnect = () => connection.disconnect();
  await eventually('connected', () => connection.status === 'ready');
});
beforeEach(() => redis.flush());
afterEach(async () => {
  for (const end of ends) await end();
  ends = [];
});
afterAll(async () => {
  disconnect();
  await redis.close();
});

/** The poke of a change. */
export function gateChange(number: number, ids: Job['ids'] = {}): Job {
  return { kind: 'gate-change', ids: { host: 'corp', repositoryId: '12', number, ...ids } };
}

/** A worker that ends with the test. */
export function start(
  ...args: Parameters<typeof startWorker> extends [string, ...infer Rest] ? Rest : never
) {
  const started = startWorker(redis.url, ...args);
  ends.push(() => started.end());
  return started;
}

/** Whether no job waits or runs in any queue, and none is stored for later. */
export async function nothingLeft(): Promise<boolean> {
  const depths = await queue.depths();
  const idle = depths.every(({ waiting, active }) => waiting === 0 && active === 0);
  return idle && (await wakeUps.pending()).count === 0;
}
