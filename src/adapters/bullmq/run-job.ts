import type { Job as BullJob } from 'bullmq';
import type { ActiveJob, JobTrouble } from '../../domain/operations.ts';
import { AbortError, messageOf, RetryableError } from '../../errors.ts';
import type { AbortReason } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Job, JobKind } from '../../ports/queue.ts';
import type { Failures } from '../../ports/operations.ts';
import type { Telemetry } from '../../ports/telemetry.ts';
import type { WakeUpPayload, WakeUps } from '../../ports/wake-ups.ts';
import { createAtWork } from './at-work.ts';
import { createCrowd } from './crowd.ts';
import { observeStart } from './observe-start.ts';
import type { QueueName } from './payload.ts';
import { readPayload, toPayload } from './payload.ts';
import type { Slots } from './slots.ts';
import { clearFailure, isPause, logThrown, noteFailure, troubleOf } from './tell-failure.ts';

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

/** Kinds that are given up after so many failures: what nobody waits for any more. All others, a release above all, are tried for ever. */
const mostFailures: Partial<Readonly<Record<JobKind, number>>> = {
  'run-command': 3,
  rerun: 3,
};

export interface RunnerDeps {
  /** Resolves to the trouble of a job that is tried again by itself: its wake-up is stored already. */
  readonly handle: (job: Job, signal: AbortSignal) => Promise<JobTrouble | undefined | void>;
  readonly wakeUps: WakeUps;
  readonly failures: Pick<Failures, 'note' | 'clear'>;
  /** Pokes what is due at once, without waiting for the next tick. */
  readonly wakeDue: () => Promise<void>;
  readonly log: Log;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly delays: Delays;
  /** Whether jobs of the queue are held back: a fetch that was under way may bring one more. */
  readonly holds: (queue: QueueName) => boolean;
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
  /** Jobs at work. */
  active(): readonly ActiveJob[];
  /** When a job was fetched last, in ms since 1970; 0: never. */
  lastTaken(): number;
}

type Ending = 'done' | 'failed' | 'aborted';

export function createJobRunner(queue: QueueName, slots: Slots, deps: RunnerDeps): JobRunner {
  const { log, clock, telemetry, delays, wakeUps } = deps;
  const atWork = createAtWork();
  const crowd = createCrowd();
  const givingUp = new AbortController();
  let stopped = false;
  let lastTaken = 0;

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

  /** Keeps the job for another try, no sooner than the other side asked for, unless it was tried often enough; resolves to when. */
  async function storeFailed(
    bull: BullJob,
    job: Job,
    { thrown, failures }: { readonly thrown: unknown; readonly failures: number },
  ): Promise<Date | undefined> {
    if (failures >= (mostFailures[job.kind] ?? Infinity)) {
      log.error({ job: job.kind, ...job.ids, failures }, 'a job fails again and again and is dropped');
      return undefined;
    }
    const asked = thrown instanceof RetryableError ? (thrown.retryAfter ?? 0) : 0;
    const wait = Math.max(delays.failed[failures - 1] ?? delays.failed.at(-1) ?? minute, asked);
    await store(bull, toPayload(job, { failures }), wait);
    return after(wait);
  }

  async function handle(bull: BullJob, job: Job, failures: number): Promise<void> {
    const id = bull.id ?? '';
    const controller = new AbortController();
    const began = clock.now();
    atWork.add(id, { ...job, since: began.toISOString() }, controller);
    let ending: Ending = 'done';
    let trouble: JobTrouble | undefined | void;
    try {
      trouble = await deps.handle(job, controller.signal);
    } catch (thrown) {
      const aborted = controller.signal.aborted || isPause(thrown);
      ending = aborted ? 'aborted' : 'failed';
      logThrown(log, job, { thrown, aborted, failures: failures + 1 });
      if (aborted) await store(bull, toPayload(job, { failures }), isPause(thrown) ? delays.crowded : 0);
      else {
        const next = await storeFailed(bull, job, { thrown, failures: failures + 1 });
        trouble = troubleOf(thrown, failures + 1, next);
      }
    } finally {
      atWork.remove(id);
      const seconds = (clock.now().getTime() - began.getTime()) / 1000;
      telemetry.observe('modelgate_job_seconds', { kind: job.kind, result: ending }, seconds);
    }
    const key = keyOf(bull, toPayload(job));
    if (trouble !== undefined) {
      const { cause, ...told } = trouble;
      telemetry.count('modelgate_job_failures_total', { kind: job.kind, cause });
      await noteFailure({ ...told, key, queue, payload: toPayload(job), newer: false }, deps);
    } else if (ending === 'done') await clearFailure(key, deps);
  }

  function after(ms: number): Date {
    return new Date(clock.now().getTime() + ms);
  }

  async function handBack(bull: BullJob, payload: WakeUpPayload): Promise<void> {
    const { v: version, kind } = payload;
    log.warn({ queue, job: kind, version }, 'a job of a newer version is handed back');
    await store(bull, payload, delays.newer);
    const reason = `written by a newer modelgate (payload version ${version}, kind ${kind}): a worker of that version has to run it`;
    const next = after(delays.newer).toISOString();
    const key = keyOf(bull, payload);
    await noteFailure({ key, queue, payload, reason, attempts: 0, next, newer: true }, deps);
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
      lastTaken = clock.now().getTime();
      const read = readPayload(bull.data);
      if (read.is === 'broken') {
        log.error({ queue, job: bull.name }, 'a job has an unreadable payload and is dropped');
        return;
      }
      if (read.is === 'newer') return handBack(bull, read.payload);
      const payload = toPayload(read.job, read);
      if (stopped) return store(bull, payload, 0);
      if (deps.holds(queue)) return store(bull, payload, delays.crowded);
      const repository = repositoryOf(read.job);
      const key = keyOf(bull, payload);
      const giveBack = slots.take(repository);
      if (giveBack === undefined) {
        await store(bull, payload, delays.crowded);
        crowd.join(repository, { key, payload });
        return;
      }
      crowd.leave(repository, key);
      observeStart(read, deps);
      try {
        await handle(bull, read.job, read.failures);
      } finally {
        giveBack();
        await wakeNext(repository);
      }
    },

    async putAside(bull) {
      const read = readPayload(bull.data);
      if (read.is === 'broken') return;
      const payload = read.is === 'job' ? toPayload(read.job, read) : read.payload;
      await store(bull, payload, delays.poisonous);
      const key = keyOf(bull, payload);
      const reason = 'its worker ended or lost its lock while it ran, again and again';
      const next = after(delays.poisonous).toISOString();
      const attempts = (payload.failures ?? 0) + 1;
      const newer = read.is === 'newer';
      await noteFailure({ key, queue, payload, reason, attempts, next, newer }, deps);
    },

    abort: (bullId, reason) => atWork.controller(bullId)?.abort(new AbortError(reason)),
    abortAll(reason) {
      for (const controller of atWork.controllers()) controller.abort(new AbortError(reason));
    },
    stop: () => {
      stopped = true;
    },
    giveUp: () => givingUp.abort(new AbortError('shutdown')),
    active: () => atWork.jobs(),
    lastTaken: () => lastTaken,
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
