import { Worker as BullWorker } from 'bullmq';
import type { ActiveJob, Pause } from '../../domain/operations.ts';
import { messageOf } from '../../errors.ts';
import type { WakeUp } from '../../ports/wake-ups.ts';
import { createHold } from './hold.ts';
import type { QueueName } from './payload.ts';
import { createQueue } from './queue.ts';
import type { QueueConnection } from './queue.ts';
import { createJobRunner, defaultDelays } from './run-job.ts';
import type { Delays, JobRunner, RunnerDeps } from './run-job.ts';
import type { LaneState } from './silence.ts';
import { settledWithin } from './settled.ts';
import { createSlots } from './slots.ts';
import { runTicker } from './ticker.ts';
import { createWakeDue } from './wake-due.ts';

/** How fast things happen; tests make them faster. Milliseconds. */
export interface WorkerTiming {
  /** A worker that does not renew its lock for so long is taken for dead. */
  readonly lockMs: number;
  /** How often somebody looks for jobs of dead workers. */
  readonly stalledMs: number;
  readonly tickMs: number;
  readonly beatMs: number;
  /** What jobs get to end after they were aborted. */
  readonly abortMs: number;
  readonly delays: Delays;
}

export const defaultTiming: WorkerTiming = {
  lockMs: 30_000,
  stalledMs: 30_000,
  tickMs: 1000,
  beatMs: 10_000,
  abortMs: 3000,
  delays: defaultDelays,
};

/** What the end may take where nothing but an absent Redis could hold it up. Milliseconds. */
const awayMs = 100;

export interface WorkerOptions extends QueueConnection, Omit<RunnerDeps, 'delays' | 'wakeDue' | 'holds'> {
  readonly queues: readonly QueueName[];
  /** Jobs at work at the same time, for each queue. */
  readonly concurrency: number;
  readonly heartbeat: (beat: {
    readonly queues: readonly string[];
    readonly jobs: readonly ActiveJob[];
  }) => Promise<void>;
  /** The pause of effects, if there is one: the queue `gate`, whose jobs write to hosts, stands still meanwhile. */
  readonly pause: () => Promise<Pause | undefined>;
  readonly timing?: Partial<WorkerTiming>;
}

/** A running worker. */
export interface Worker {
  /** Resolves when it fetches jobs; waits for as long as Redis is away. */
  ready(): Promise<void>;
  active(): number;
  /** What can be told of it without asking Redis. */
  hearing(): { readonly lanes: readonly LaneState[]; readonly lastBeat: number };
  /** Stops fetching; jobs at work go on. */
  pause(): Promise<void>;
  /** Stops fetching, waits for the jobs at work, aborts the rest, which are due again at once, and ends. */
  close(graceMs: number): Promise<void>;
}

/** Starts to work at once. The connection is the caller's and has to be a worker's: it waits while Redis is away. */
export function createWorker(options: WorkerOptions): Worker {
  const { wakeUps, log, clock, queues, telemetry } = options;
  const timing = { ...defaultTiming, ...options.timing };
  const ticking = new AbortController();
  const pokes = createQueue(options, wakeUps);
  const poke = (wakeUp: WakeUp): Promise<void> => pokes.pokeStored(wakeUp);
  const wakeDue = createWakeDue({ wakeUps, knows: pokes.knows, poke, clock, telemetry }, ticking.signal);
  const hold = createHold({ pause: options.pause, lanes: () => lanes, log });
  const runnerDeps = {
    ...options,
    delays: timing.delays,
    wakeDue,
    holds: (queue: QueueName) => hold.holds(queue),
  };
  const lanes: readonly Lane[] = queues.map((queue) => openLane(queue, options, { timing, runnerDeps }));
  const jobs = (): readonly ActiveJob[] => lanes.flatMap((lane) => lane.runner.active());
  const active = (): number => jobs().length;
  const began = clock.now().getTime();
  let lastBeat = began;
  const ticker = runTicker(
    {
      wakeDue,
      log,
      clock,
      tickMs: timing.tickMs,
      beatMs: timing.beatMs,
      follow: () => hold.follow(),
      async beat() {
        await options.heartbeat({ queues, jobs: jobs() });
        lastBeat = clock.now().getTime();
      },
    },
    ticking.signal,
  );
  const settled = (what: Promise<unknown>, ms: number): Promise<boolean> => settledWithin(what, ms, clock);

  async function pause(): Promise<void> {
    await Promise.all(lanes.map((lane) => lane.bull.pause(true)));
  }

  /** Tells everything to end, and does not wait for what only Redis could end. */
  async function endIdle(): Promise<void> {
    for (const lane of lanes) lane.runner.giveUp();
    const ended = [ticker, pokes.close(), ...lanes.map((lane) => lane.bull.close(true))];
    await settled(Promise.all(ended), awayMs);
  }

  return {
    ready: async () => void (await Promise.all(lanes.map((lane) => lane.bull.waitUntilReady()))),
    active,
    hearing: () => ({
      lastBeat,
      lanes: lanes.map(({ queue, runner }) => ({
        queue,
        active: runner.active().length,
        lastTaken: Math.max(began, runner.lastTaken()),
        held: hold.holds(queue),
      })),
    }),
    pause,
    async close(graceMs) {
      ticking.abort();
      for (const lane of lanes) lane.runner.stop();
      // Without jobs and without Redis there is nothing to wait for: all of this would wait until it is back.
      if (active() === 0 && options.connection.status !== 'ready') return endIdle();
      await settled(pause(), timing.abortMs);
      const ended = Promise.all(lanes.map((lane) => lane.bull.close()));
      // Without jobs only Redis can hold us up, and then it does not pay to wait for long.
      if (!(await settled(ended, active() === 0 ? timing.abortMs : graceMs))) {
        if (active() > 0) log.warn({ active: active() }, 'jobs are aborted for shutdown');
        for (const lane of lanes) lane.runner.abortAll('shutdown');
        if (!(await settled(ended, timing.abortMs)))
          log.warn({ active: active() }, 'jobs are left to other workers');
      }
      for (const lane of lanes) lane.runner.giveUp();
      await settled(Promise.all([ticker, pokes.close()]), timing.abortMs);
    },
  };
}

interface Lane {
  readonly queue: QueueName;
  readonly bull: BullWorker;
  readonly runner: JobRunner;
}

function openLane(
  queue: QueueName,
  options: WorkerOptions,
  { timing, runnerDeps }: { readonly timing: WorkerTiming; readonly runnerDeps: RunnerDeps },
): Lane {
  const { connection, prefix, concurrency, log } = options;
  const runner = createJobRunner(queue, createSlots(concurrency), runnerDeps);
  const bull = new BullWorker(queue, (job) => runner.run(job), {
    connection,
    prefix,
    concurrency,
    lockDuration: timing.lockMs,
    stalledInterval: timing.stalledMs,
    maxStalledCount: 3,
    skipVersionCheck: true,
  });
  bull.on('error', (error) => log.debug({ queue, reason: messageOf(error) }, 'queue error'));
  bull.on('stalled', (job) => log.warn({ queue, job }, 'a job of a dead worker runs again'));
  bull.on('lockRenewalFailed', (jobs) => {
    log.warn({ queue, jobs }, 'the lock of a job was lost: another worker may run it');
    for (const job of jobs) runner.abort(job, 'shutdown');
  });
  // The runner never rejects: only a job that was lost with its worker more than three times comes here.
  bull.on('failed', (job, error) => {
    log.error(
      { queue, job: job?.deduplicationId, reason: messageOf(error) },
      'a job keeps stopping its worker',
    );
    if (job !== undefined) void runner.putAside(job).catch(() => undefined);
  });
  return { queue, bull, runner };
}
