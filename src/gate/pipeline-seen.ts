import { UserError } from '../errors.ts';
import { toSha } from '../domain/repository.ts';
import type { FollowUp, Job } from '../ports/queue.ts';
import type { GateDeps } from './deps.ts';
import { judgeNow } from './follow-ups.ts';

/**
 * A pipeline runs for a commit, and its host did not say for which change: those with this head are looked at, so
 * that their status moves into it (specs git-hosts 3.5, our step 5). A change whose status is in there already is left
 * alone: its own status makes the pipeline change its state, and that must not go round in circles.
 */
export async function pipelineSeen(
  job: Job,
  deps: Pick<GateDeps, 'hosts' | 'store' | 'log'>,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const { host: hostId, repositoryId, pipelineId } = job.ids;
  const sha = toSha(job.ids['sha']);
  const host = deps.hosts.get(String(hostId));
  if (host === undefined || sha === undefined) return [];
  const next: FollowUp[] = [];
  try {
    for (const change of await host.changes.ofHead(String(repositoryId), sha, signal)) {
      const subject = { kind: 'change', host: host.id, ...change } as const;
      const record = await deps.store.loadSubject(subject);
      const shownIn = record?.memory[`status/${sha}`]?.['pipelineId'];
      if (shownIn === undefined || String(shownIn) !== String(pipelineId)) next.push(judgeNow(subject));
    }
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    // Asking again does not help, and the sweep walks every change anyway.
    deps.log.warn(
      { sha, reason: thrown.message, remedy: thrown.remedy },
      'the changes of a pipeline cannot be read',
    );
  }
  return next;
}
