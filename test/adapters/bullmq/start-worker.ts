import { createWorker } from '../../../src/adapters/bullmq/worker.ts';
import type { Worker, WorkerOptions, WorkerTiming } from '../../../src/adapters/bullmq/worker.ts';
import { connectWorker } from '../../../src/adapters/redis/connect.ts';
import { createHeartbeat } from '../../../src/adapters/redis/heartbeat.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createWakeUps } from '../../../src/adapters/redis/wake-ups.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { createKeptLog } from '../../support/log.ts';
import { createKeptTelemetry } from '../../support/telemetry.ts';

/** A worker with its connection, as the composition makes it, on short times. */
export function startWorker(
  url: string,
  handle: WorkerOptions['handle'],
  options: {
    readonly concurrency?: number;
    readonly id?: string;
    readonly timing?: Partial<WorkerTiming>;
  } = {},
) {
  const { log, lines, messages } = createKeptLog();
  const { telemetry, told } = createKeptTelemetry();
  const clock = createClock();
  const keys = createKeys('t');
  const connection = connectWorker(url, log);
  const wakeUps = createWakeUps(connection, keys, log);
  const worker: Worker = createWorker({
    connection,
    prefix: keys.queuePrefix,
    queues: ['gate', 'upkeep'],
    concurrency: options.concurrency ?? 4,
    handle,
    wakeUps,
    log,
    clock,
    telemetry,
    heartbeat: createHeartbeat(connection, keys, { id: options.id ?? 'test-1', clock }),
    timing: {
      lockMs: 1000,
      stalledMs: 300,
      tickMs: 20,
      beatMs: 100,
      abortMs: 500,
      delays: { crowded: 50, failed: [200], newer: 300, poisonous: 400 },
      ...options.timing,
    },
  });
  async function end(graceMs = 1000): Promise<void> {
    await worker.close(graceMs);
    connection.disconnect();
  }
  return { worker, lines, messages, told, end };
}
