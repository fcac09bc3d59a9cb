import type { Event } from '../domain/event.ts';
import type { Clock } from '../ports/clock.ts';
import { jobsOf } from '../domain/job.ts';
import type { Queue } from '../ports/queue.ts';
import type { Deliveries, RunStore } from '../ports/run-store.ts';

/** Where an event goes. All of them fail at once or soon when Redis is away. */
export interface IntakeDeps {
  readonly runStore: Pick<RunStore, 'addHead'>;
  readonly deliveries: Deliveries;
  readonly queue: Pick<Queue, 'poke'>;
  readonly clock: Clock;
}

/** What became of an event. `unavailable`: it was perhaps taken in, perhaps not; the sweep finds it. */
export type Intake =
  | { readonly result: 'accepted' | 'duplicate' }
  | { readonly result: 'unavailable'; readonly reason: unknown };

/** Everything together; the host waits for ten seconds (specs git-hosts 1.3). */
const deadlineMs = 1900;

/** Takes an event in, in the order that loses nothing: head, poke, and only then the delivery's id. */
export async function takeIn(delivery: string, event: Event, deps: IntakeDeps): Promise<Intake> {
  try {
    return await withDeadline(take(delivery, event, deps), deps.clock);
  } catch (reason) {
    return { result: 'unavailable', reason };
  }
}

async function take(delivery: string, event: Event, deps: IntakeDeps): Promise<Intake> {
  const { deliveries, runStore, queue } = deps;
  if (await deliveries.has(delivery)) return { result: 'duplicate' };
  if (event.kind === 'change-touched' && event.head !== undefined) {
    const { repository, number, head } = event;
    await runStore.addHead(
      { kind: 'change', host: repository.host, repositoryId: repository.id, number },
      head,
    );
  }
  for (const job of jobsOf(event)) await queue.poke(job);
  await deliveries.remember(delivery);
  return { result: 'accepted' };
}

function withDeadline<Value>(work: Promise<Value>, clock: Clock): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(deadlineMs, () => reject(new Error(`not within ${deadlineMs} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
