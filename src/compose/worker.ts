import { hostname } from 'node:os';
import type { QueueState } from '../domain/operations.ts';
import type { UserError } from '../errors.ts';
import { createQueue } from '../adapters/bullmq/queue.ts';
import { settledWithin } from '../adapters/bullmq/settled.ts';
import { createWorker } from '../adapters/bullmq/worker.ts';
import { connectWorker } from '../adapters/redis/connect.ts';
import { createKeys } from '../adapters/redis/keys.ts';
import { createReleaseStore } from '../adapters/redis/release-store.ts';
import { createRunLog } from '../adapters/redis/run-log.ts';
import { createRunStore } from '../adapters/redis/run-store.ts';
import { createWakeUps } from '../adapters/redis/wake-ups.ts';
import { RetryableError } from '../errors.ts';
import { handleJob } from '../jobs/handle-job.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { patienceWith } from './connected.ts';
import type { Foundation } from './foundation.ts';
import { gateDeps } from './gate.ts';
import { claimCacheDirectory, isProcessAlive } from './cache-directory.ts';
import { startBeating } from './beating.ts';
import { startSweeping, tellUnswept } from './sweeping.ts';
import { listenForSilence } from './listen-for-silence.ts';
import { composeTrouble } from './operations.ts';
import { releaseJob } from './release.ts';
import { queuesOf, type WorkerRole } from './roles.ts';
import { defaultTiming, type Timing } from './timing.ts';

/** A worker at work. */
export interface RunningWorker {
  /** Resolves when the worker does nothing any more although it could: the process has to be started again. */
  readonly deaf: Promise<UserError>;
  /** Stops fetching, lets jobs end for a while, and ends. */
  close(): Promise<void>;
}

/** Starts a worker: judges, looks again, carries out commands, sweeps. */
export async function startWorker(
  foundation: Foundation,
  options: {
    readonly redisUrl: string;
    readonly publicUrl: string;
    readonly role: WorkerRole;
    readonly telemetry: Telemetry;
    /** How full the queues are, over a connection that is not the worker's. */
    readonly queues: () => Promise<readonly QueueState[]>;
    readonly timing?: Partial<Timing> | undefined;
    readonly stop?: AbortSignal | undefined;
  },
): Promise<RunningWorker> {
  const { config, log, clock } = foundation;
  const timing = { ...defaultTiming, ...options.timing };
  const redis = connectWorker(options.redisUrl, foundation.redisOutages);
  const keys = createKeys(config.redis.prefix);
  const runLog = createRunLog(redis, keys, { log, clock });
  foundation.setRunSink((runId, line) => runLog.append(runId, line));
  const wakeUps = createWakeUps(redis, keys, log);
  const queue = createQueue({ connection: redis, prefix: keys.queuePrefix, log }, wakeUps);
  const store = createRunStore(redis, keys, clock);
  const owner = { host: hostname(), pid: process.pid, isAlive: isProcessAlive };
  const cache = await claimCacheDirectory(config.gate.cacheDirectory, owner, log);
  const { failures, pauseSwitch } = composeTrouble(redis, keys, foundation);
  const { telemetry, role } = options;
  const releases = createReleaseStore(redis, keys);
  const settings = { publicUrl: options.publicUrl, cache, store, releases, timing, pauseSwitch, telemetry };
  const gate = gateDeps(foundation, settings);
  // The gate reads what strangers wrote: it opens nothing that a release may write to.
  const release = role === 'gate' ? ofAnotherRole : releaseJob(foundation, { ...settings, gate });
  const deps = { ...gate, queue, release };
  const beating = startBeating({ redis, keys, clock, telemetry });
  if (role !== 'release') tellUnswept(config.hosts, telemetry);
  const worker = createWorker({
    connection: redis,
    prefix: keys.queuePrefix,
    queues: queuesOf(role),
    concurrency: config.gate.concurrency,
    handle: (job, signal) => handleJob(job, deps, signal),
    heartbeat: beating.heartbeat,
    pause: () => pauseSwitch.current(),
    failures,
    wakeUps,
    log,
    clock,
    telemetry,
    timing,
  });
  await Promise.race([worker.ready(), aborted(options.stop)]);
  const sweeping =
    role === 'release' ? { stop: () => undefined } : startSweeping(queue, timing.sweepMs, clock);
  const listening = listenForSilence({
    hearing: () => worker.hearing(),
    queues: options.queues,
    silentMs: timing.silentMs,
    clock,
  });
  log.info({ role, concurrency: config.gate.concurrency }, 'worker started');
  return {
    deaf: listening.deaf,
    async close() {
      listening.stop();
      sweeping.stop();
      await worker.close(timing.graceMs);
      await settledWithin(queue.close(), patienceWith(redis), clock);
      await settledWithin(runLog.flush(), patienceWith(redis), clock);
      beating.stop();
      redis.disconnect();
      log.info({}, 'worker ended');
    },
  };
}

/** Resolves when the signal aborts; never without one. */
function aborted(stop: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (stop?.aborted === true) resolve();
    stop?.addEventListener('abort', () => resolve(), { once: true });
  });
}

/** Its queue is not this worker's: a job that comes all the same is given back. */
function ofAnotherRole(): Promise<never> {
  return Promise.reject(new RetryableError('a worker with the role release does this'));
}
