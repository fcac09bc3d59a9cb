import type { Event } from '../domain/event.ts';
import type { Repository } from '../domain/repository.ts';
import type { Clock } from '../ports/clock.ts';
import { jobsOf } from '../domain/job.ts';
import type { Queue } from '../ports/queue.ts';
import type { Deliveries, NamedHead } from '../ports/deliveries.ts';

/** Where an event goes. All of them fail at once or soon when Redis is away. */
export interface IntakeDeps {
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

/**
 * Takes an event in with one round trip. A delivery that was known before is taken in again: its job is deduplicated
 * and finds what was decided, and so an id that was kept without its job loses nothing.
 */
export async function takeIn(delivery: string, event: Event, deps: IntakeDeps): Promise<Intake> {
  try {
    return await withDeadline(take(delivery, event, deps), deps.clock);
  } catch (reason) {
    return { result: 'unavailable', reason };
  }
}

async function take(delivery: string, event: Event, deps: IntakeDeps): Promise<Intake> {
  const arrived = deps.clock.now();
  // The head is sent first: the job may begin at once.
  const kept = deps.deliveries.keep(delivery, headOf(event));
  const [known] = await Promise.all([kept, ...jobsOf(event).map((job) => deps.queue.poke(job, arrived))]);
  return { result: known ? 'duplicate' : 'accepted' };
}

function headOf(event: Event): NamedHead | undefined {
  if (event.kind === 'merge-group-touched') {
    const { repository, branch, head } = event;
    return { subject: { kind: 'merge-group', ...idOf(repository), branch }, head };
  }
  if (event.kind === 'branch-moved') {
    const { repository, branch, after: head } = event;
    return head && { subject: { kind: 'branch', ...idOf(repository), branch }, head };
  }
  if (event.kind !== 'change-touched' || event.head === undefined) return undefined;
  const { repository, number, head } = event;
  return { subject: { kind: 'change', ...idOf(repository), number }, head };
}

function idOf({ host, id }: Repository): { readonly host: string; readonly repositoryId: string } {
  return { host, repositoryId: id };
}

function withDeadline<Value>(work: Promise<Value>, clock: Clock): Promise<Value> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(deadlineMs, () => reject(new Error(`not within ${deadlineMs} ms`)));
    work.then(resolve, reject).finally(cancel);
  });
}
