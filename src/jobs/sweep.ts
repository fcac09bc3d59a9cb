import { messageOf } from '../errors.ts';
import type { ChangeSubject } from '../domain/subject.ts';
import type { Repository } from '../domain/repository.ts';
import type { GateDeps } from '../gate/deps.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';

/** Open changes of one repository that a sweep looks at. */
const maxChanges = 200;

/**
 * Asks every host what is open and pokes the changes whose head was not judged: webhooks that never came, and records
 * that are gone. One host's trouble does not keep another from being swept.
 */
export async function sweep(deps: GateDeps, signal: AbortSignal): Promise<readonly FollowUp[]> {
  const missed: FollowUp[] = [];
  for (const host of deps.hosts.values()) {
    try {
      for (const repository of await host.changes.repositories(signal)) {
        missed.push(...(await missedIn(host, repository, deps, signal)));
      }
    } catch (thrown) {
      signal.throwIfAborted();
      deps.log.warn({ host: host.id, reason: messageOf(thrown) }, 'the host could not be swept');
    }
  }
  deps.log.info({ missed: missed.length }, 'swept');
  return missed;
}

async function missedIn(
  host: Host,
  repository: Repository,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const missed: FollowUp[] = [];
  for (const { number, head } of await host.changes.listOpen(repository.id, maxChanges, signal)) {
    const subject: ChangeSubject = { kind: 'change', host: host.id, repositoryId: repository.id, number };
    const record = await deps.store.loadSubject(subject);
    const run = record?.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
    if (run?.state === 'judged' && run.judgement !== undefined && run.change.head === head) {
      const overdue = run.looks?.next !== undefined && new Date(run.looks.next) < deps.clock.now();
      if (!overdue) continue;
    }
    const kind = run?.looks?.next !== undefined && run.change.head === head ? 'look-again' : 'gate-change';
    missed.push({ kind, ids: { host: host.id, repositoryId: repository.id, number }, at: undefined });
  }
  return missed;
}
