import { createWorker } from '../../../src/adapters/bullmq/worker.ts';
import type { Worker, WorkerOptions, WorkerTiming } from '../../../src/adapters/bullmq/worker.ts';
import { connectWorker } from '../../../src/adapters/redis/connect.ts';
import { createHeartbeat } from '../../../src/adapters/redis/heartbeat.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createWakeUps } from '../../../src/adapters/redis/wake-ups.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { createSecretRegistry } from '../../../src/adapters/system/secret-registry.ts';
import { composeTrouble } from '../../../src/compose/operations.ts';
import { createKeptLog } from '../../support/log.ts';
import { outagesTo } from '../../support/outages.ts';
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
  const connection = connectWorker(url, outagesTo(log));
  const wakeUps = createWakeUps(connection, keys, log);
  const { failures, pauseSwitch } = composeTrouble(connection, keys, {
    clock,
    secrets: createSecretRegistry(),
  });
  const about = { host: 'test', pid: 1, version: '0.0.0', loopDelayMs: () => 12.3 };
  const beating = { id: options.id ?? 'test-1', clock, ...about };
  const worker: Worker = createWorker({
    connection,
    prefix: keys.queuePrefix,
    queues: ['gate', 'release', 'upkeep'],
    concurrency: options.concurrency ?? 4,
    handle,
    wakeUps,
    log,
    clock,
    telemetry,
    pause: () => pauseSwitch.current(),
    failures,
    heartbeat: createHeartbeat(connection, keys, beating),
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
  return { worker, failures, pauseSwitch, lines, messages, told, end };
}
