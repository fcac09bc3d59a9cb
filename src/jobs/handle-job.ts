import { AbortError } from '../errors.ts';
import type { GateDeps } from '../gate/deps.ts';
import type { Job, Queue } from '../ports/queue.ts';
import { jobTable } from './table.ts';

/**
 * Runs a job and enqueues what it asks to happen next. A superseded job pokes itself: the poke that came with the newer
 * head may have been lost, and otherwise the two are one. Anything else that is thrown goes to the worker, which stores a wake-up so that nothing is lost.
 */
export async function handleJob(
  job: Job,
  deps: GateDeps & { readonly queue: Queue },
  signal: AbortSignal,
): Promise<void> {
  const { host, repositoryId, number, branch } = job.ids;
  const log = deps.log.child({ job: job.kind, host, repository: repositoryId, change: number ?? branch });
  const began = deps.clock.now().getTime();
  try {
    const followUps = await jobTable[job.kind](job, { ...deps, log }, signal);
    for (const { at, ...next } of followUps)
      await (at === undefined ? deps.queue.poke(next) : deps.queue.wakeAt(next, at));
    log.info({ ms: deps.clock.now().getTime() - began, next: followUps.length }, 'job done');
  } catch (thrown) {
    if (thrown instanceof AbortError && thrown.reason === 'superseded') {
      const { attempt: _, ...ids } = job.ids;
      await deps.queue.poke({ kind: job.kind, ids });
      log.info({}, 'job ended: a newer head came');
      return;
    }
    throw thrown;
  }
}
