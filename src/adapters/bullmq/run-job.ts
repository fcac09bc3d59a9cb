import type { Job as BullJob } from 'bullmq';
import { AbortError, messageOf, RetryableError, UserError } from '../../errors.ts';
import type { AbortReason } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Job, JobKind } from '../../ports/queue.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { WakeUpPayload, WakeUps } from '../../ports/wake-ups.ts';
import { createCrowd } from './crowd.ts';
import type { QueueName } from './payload.ts';
import { readPayload, toPayload } from './payload.ts';
import type { Slots } from './slots.ts';

/** When a job that did not run to its end is due again. Milliseconds. */
export interface Delays {
  /** Its repository has half of the slots. */
  readonly crowded: number;
  /** Its handler threw for the first, second … time; the last wait repeats. */
  readonly failed: readonly number[];
  /** A newer version wrote it. */
  readonly newer: number;
  /** It took its worker down with it, again and again. */
  readonly poisonous: number;
}

const minute = 60_000;

export const defaultDelays: Delays = {
  crowded: 1000,
  failed: [30_000, minute, 2 * minute, 5 * minute, 10 * minute, 30 * minute],
  newer: 10_000,
  poisonous: 10 * minute,
};

/** Kinds that are given up after so many failures: what nobody waits for any more. All others are tried for ever. */
const mostFailures: Partial<Readonly<Record<JobKind, number>>> = { 'run-command': 3 };

export interface RunnerDeps {
  readonly handle: (job: Job, signal: AbortSignal) => Promise<void>;
  readonly wakeUps: WakeUps;
  /** Pokes what is due at once, without waiting for the next tick. */
  readonly wakeDue: () => Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly delays: Delays;
}

/** Runs jobs of one queue, and knows those at work. */
export interface JobRunner {
  /** Never rejects before `giveUp`: what did not run to its end is stored as a wake-up before this resolves. */
  run(bull: BullJob): Promise<void>;
  /** Stores the job for later; for jobs that BullMQ gave up. */
  putAside(bull: BullJob): Promise<void>;
  abort(bullId: string, reason: AbortReason): void;
  abortAll(reason: AbortReason): void;
  /** From now on jobs are stored for others: BullMQ may fetch one more while it closes. */
  stop(): void;
  /** Nothing is tried any more: what could not be stored is left to BullMQ, which finds it when our lock has lapsed. */
  giveUp(): void;
  active(): number;
}

type Ending = 'done' | 'failed' | 'aborted';

export function createJobRunner(queue: QueueName, slots: Slots, deps: RunnerDeps): JobRunner {
  const { log, clock, telemetry, delays, wakeUps } = deps;
  const controllers = new Map<string, AbortController>();
  const crowd = createCrowd();
  const givingUp = new AbortController();
  let stopped = false;

  /** Tries until it is stored: a full or absent Redis must not make us forget a job. */
  async function store(bull: BullJob, payload: WakeUpPayload, inMs: number): Promise<void> {
    const key = keyOf(bull, payload);
    for (let tries = 1; ; tries += 1) {
      try {
        await wakeUps.put({ key, queue, payload, at: new Date(clock.now().getTime() + inMs) });
        return;
      } catch (error) {
        if (tries === 1) log.error({ job: key, reason: messageOf(error) }, 'a wake-up cannot be stored yet');
        await clock.sleep(Math.min(tries * 500, 5000), givingUp.signal);
      }
    }
  }

  async function storeFailed(bull: BullJob, job: Job, failures: number): Promise<void> {
    if (failures >= (mostFailures[job.kind] ?? Infinity)) {
      log.error({ job: job.kind, ...job.ids, failures }, 'a job fails again and again and is dropped');
      return;
    }
    const wait = delays.failed[failures - 1] ?? delays.failed.at(-1) ?? minute;
    await store(bull, toPayload(job, failures), wait);
  }

  async function handle(bull: BullJob, job: Job, failures: number): Promise<void> {
    const controller = new AbortController();
    const began = clock.now().getTime();
    controllers.set(bull.id ?? '', controller);
    let ending: Ending = 'done';
    try {
      await deps.handle(job, controller.signal);
    } catch (thrown) {
      ending = controller.signal.aborted ? 'aborted' : 'failed';
      logEnding(log, job, { thrown, ending, failures: failures + 1 });
      if (ending === 'aborted') await store(bull, toPayload(job, failures), 0);
      else await storeFailed(bull, job, failures + 1);
    } finally {
      controllers.delete(bull.id ?? '');
      telemetry.observe(
        'modelgate_job_seconds',
        { kind: job.kind, result: ending },
        (clock.now().getTime() - began) / 1000,
      );
    }
  }

  /** The slot is free: whoever waits for it is due now. Its wake-up is stored, so that failing here loses nothing. */
  async function wakeNext(repository: string): Promise<void> {
    const next = stopped ? undefined : crowd.next(repository);
    if (next === undefined) return;
    try {
      await wakeUps.put({ ...next, queue, at: clock.now() });
      await deps.wakeDue();
    } catch (error) {
      log.debug({ job: next.key, reason: messageOf(error) }, 'a job waits for its wake-up');
    }
  }

  return {
    async run(bull) {
      const read = readPayload(bull.data);
      if (read.is === 'broken') {
        log.error({ queue, job: bull.name }, 'a job has an unreadable payload and is dropped');
        return;
      }
      if (read.is === 'newer') {
        const { v, kind } = read.payload;
        log.warn({ queue, job: kind, version: v }, 'a job of a newer version is handed back');
        await store(bull, read.payload, delays.newer);
        return;
      }
      const payload = toPayload(read.job, read.failures);
      if (stopped) {
        await store(bull, payload, 0);
        return;
      }
      const repository = repositoryOf(read.job);
      const key = keyOf(bull, payload);
      const giveBack = slots.take(repository);
      if (giveBack === undefined) {
        await store(bull, payload, delays.crowded);
        crowd.join(repository, { key, payload });
        return;
      }
      crowd.leave(repository, key);
      try {
        await handle(bull, read.job, read.failures);
      } finally {
        giveBack();
        await wakeNext(repository);
      }
    },

    async putAside(bull) {
      const read = readPayload(bull.data);
      if (read.is === 'job') await store(bull, toPayload(read.job, read.failures), delays.poisonous);
      if (read.is === 'newer') await store(bull, read.payload, delays.poisonous);
    },

    abort: (bullId, reason) => controllers.get(bullId)?.abort(new AbortError(reason)),
    abortAll(reason) {
      for (const controller of controllers.values()) controller.abort(new AbortError(reason));
    },
    stop: () => {
      stopped = true;
    },
    giveUp: () => givingUp.abort(new AbortError('shutdown')),
    active: () => controllers.size,
  };
}

function keyOf(bull: BullJob, payload: WakeUpPayload): string {
  return bull.deduplicationId ?? `${payload.kind}/${bull.id ?? ''}`;
}

/** Jobs without a repository (the sweep) share nothing: each kind is its own. */
function repositoryOf(job: Job): string {
  const { host, repositoryId } = job.ids;
  return repositoryId === undefined ? job.kind : `${host}/${repositoryId}`;
}

function logEnding(
  log: Log,
  job: Job,
  {
    thrown,
    ending,
    failures,
  }: { readonly thrown: unknown; readonly ending: Ending; readonly failures: number },
): void {
  const fields = { job: job.kind, ...job.ids, reason: messageOf(thrown) };
  if (ending === 'aborted') {
    log.info(fields, 'a job was aborted and is due again');
    return;
  }
  if (thrown instanceof RetryableError || thrown instanceof UserError) {
    log.warn({ ...fields, failures }, 'a job could not be done and is tried again');
    return;
  }
  const stack = thrown instanceof Error ? thrown.stack : undefined;
  log.error({ ...fields, failures, stack }, 'a job failed and is tried again: a defect of modelgate');
}
