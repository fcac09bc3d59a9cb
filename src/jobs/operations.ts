import type { OperationsState, QueueState, WorkerState } from '../domain/operations.ts';
import type { Audit } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Deed, Failure, Failures, Operations, PauseSwitch } from '../ports/operations.ts';
import type { WakeUps } from '../ports/wake-ups.ts';

export interface OperationsDeps {
  readonly failures: Failures;
  readonly pauseSwitch: PauseSwitch;
  readonly audit: Audit;
  readonly wakeUps: WakeUps;
  readonly depths: () => Promise<readonly QueueState[]>;
  readonly workers: () => Promise<readonly WorkerState[]>;
  readonly clock: Clock;
}

/** Failed jobs that are tried again with one deed: all that are kept. */
const mostRetried = 500;

/** What those who run the installation see and do; a deed is in the audit before it is done. */
export function createOperations(deps: OperationsDeps): Operations {
  const { failures, pauseSwitch, audit, wakeUps, clock } = deps;

  async function record(action: string, subject: string, { actor, reason = '' }: Deed): Promise<void> {
    await audit.record({ at: clock.now().toISOString(), actor, action, subject, reason });
  }

  /** A wake-up takes the place of the one that would have come later, so that the job is not done twice. */
  async function tryAgain(failure: Failure): Promise<void> {
    const { key, queue, newer } = failure;
    const now = clock.now();
    // What a newer version wrote stays as it came.
    const payload = newer ? failure.payload : fromTheBeginning(failure.payload);
    await wakeUps.put({ key, queue, payload, at: now });
    await failures.reschedule(key, now);
  }

  async function state(): Promise<OperationsState> {
    const [pause, queues, pending, workers, failed] = await Promise.all([
      pauseSwitch.current(),
      deps.depths(),
      wakeUps.pending(),
      deps.workers(),
      failures.count(),
    ]);
    return {
      pause,
      queues,
      wakeUps: { count: pending.count, next: pending.next?.toISOString() },
      workers,
      failed,
    };
  }

  return {
    state,
    currentPause: () => pauseSwitch.current(),
    failed: (limit) => failures.list(limit),

    async retry(key, deed) {
      const failure = await failures.find(key);
      if (failure === undefined) return false;
      await record('retry', key, deed);
      await tryAgain(failure);
      return true;
    },

    async retryAll(deed) {
      const listed = await failures.list(mostRetried);
      if (listed.length === 0) return 0;
      await record('retry', `all ${listed.length} failed jobs`, deed);
      for (const { key } of listed) {
        const failure = await failures.find(key);
        if (failure !== undefined) await tryAgain(failure);
      }
      return listed.length;
    },

    async pause(deed) {
      const before = await pauseSwitch.current();
      if (before !== undefined) return before;
      await record('pause', 'effects', deed);
      return pauseSwitch.set({ at: clock.now().toISOString(), actor: deed.actor, reason: deed.reason });
    },

    async resume(deed) {
      if ((await pauseSwitch.current()) === undefined) return false;
      await record('resume', 'effects', deed);
      return pauseSwitch.clear();
    },
  };
}

/** Without the tries that were counted so far. */
function fromTheBeginning(payload: Failure['payload']): Failure['payload'] {
  const { failures: _failures, ...rest } = payload;
  const { attempt: _attempt, ...ids } = payload.ids;
  return { ...rest, ids };
}
