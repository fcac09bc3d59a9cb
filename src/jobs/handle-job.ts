import type { JobTrouble } from '../domain/operations.ts';
import { AbortError } from '../errors.ts';
import type { FollowUp, Job, Queue } from '../ports/queue.ts';
import { jobTable, type JobDeps } from './table.ts';

/**
 * Runs a job and enqueues what it asks to happen next. Resolves to the trouble where the job is to be tried again: it is
 * stored already. A superseded job pokes itself: the poke that came with the newer
 * head may have been lost, and otherwise the two are one. Anything else that is thrown goes to the worker, which stores a wake-up so that nothing is lost.
 */
export async function handleJob(
  job: Job,
  deps: JobDeps & { readonly queue: Queue },
  signal: AbortSignal,
): Promise<JobTrouble | undefined> {
  const { host, repositoryId, number, branch, tip, environment } = job.ids;
  const change = number ?? branch ?? tip;
  const log = deps.log.child({ job: job.kind, host, repository: repositoryId, change, environment });
  const began = deps.clock.now().getTime();
  try {
    const followUps = await jobTable[job.kind](job, { ...deps, log }, signal);
    for (const { at, trouble: _trouble, ...next } of followUps)
      await (at === undefined ? deps.queue.poke(next) : deps.queue.wakeAt(next, at));
    log.info({ ms: deps.clock.now().getTime() - began, next: followUps.length }, 'job done');
    if (job.kind === 'sweep')
      deps.telemetry?.count('modelgate_sweeper_recovered_total', {}, followUps.length);
    return troubleOf(job, followUps);
  } catch (thrown) {
    if (thrown instanceof AbortError && thrown.reason === 'superseded') {
      const { attempt: _, ...ids } = job.ids;
      await deps.queue.poke({ kind: job.kind, ids });
      log.info({}, 'job ended: a newer head came');
      return undefined;
    }
    throw thrown;
  }
}

/** Another try at what just failed is no job of its own: the change, say, could not be read. */
function troubleOf(job: Job, followUps: readonly FollowUp[]): JobTrouble | undefined {
  const again = followUps.find(({ kind, trouble }) => kind === job.kind && trouble !== undefined);
  if (again?.trouble === undefined) return undefined;
  const { attempt } = job.ids;
  return {
    ...again.trouble,
    attempts: typeof attempt === 'number' ? attempt : 1,
    next: again.at?.toISOString(),
  };
}
