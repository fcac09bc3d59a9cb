import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { Job, Queue } from '../ports/queue.ts';

const job: Job = { kind: 'sweep', ids: {} };

/** Says of every configured host that nobody swept it yet: a figure that is not there rings no alarm. */
export function tellUnswept(hosts: readonly { readonly id: string }[], telemetry: Telemetry): void {
  for (const { id } of hosts) telemetry.gauge('modelgate_sweeper_last_success_timestamp', { host: id }, 0);
}

/**
 * Asks for a sweep now, and for one at each full interval of the clock. All workers store the same wake-up, so that it is one
 * sweep however many they are: hosts count requests. A Redis that is away is asked again the next time.
 */
export function startSweeping(
  queue: Pick<Queue, 'poke' | 'wakeAt'>,
  everyMs: number,
  clock: Clock,
): { stop(): void } {
  let cancel = (): void => undefined;

  function turn(): void {
    const now = clock.now().getTime();
    const next = (Math.floor(now / everyMs) + 1) * everyMs;
    void queue.wakeAt(job, new Date(next)).catch(() => undefined);
    // In the middle of an interval, because the clocks of machines differ.
    cancel = clock.after(next + everyMs / 2 - now, turn);
  }

  void queue.poke(job).catch(() => undefined);
  turn();
  return { stop: () => cancel() };
}
