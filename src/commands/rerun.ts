import { gateJob } from '../domain/job.ts';
import { toSha } from '../domain/repository.ts';
import { askFresh } from '../domain/run.ts';
import { subjectKey, type Subject } from '../domain/subject.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp, Job } from '../ports/queue.ts';
import type { CommandDeps } from './run-command.ts';

/**
 * Somebody pressed a button beside our status of a commit: what it is the head of is judged afresh, when they may push
 * at this moment. A stranger's wish is ignored without an answer.
 */
export async function rerun(job: Job, deps: CommandDeps, signal: AbortSignal): Promise<readonly FollowUp[]> {
  const { host: hostId, repositoryId, personId } = job.ids;
  const host = deps.hosts.get(String(hostId));
  if (host === undefined) return [];
  if (!(await host.people.mayPush(String(repositoryId), String(personId), signal))) {
    deps.log.info({ actor: personId }, 'button ignored: who pressed it may not push');
    return [];
  }
  const subjects = await subjectsOf(job, { host, store: deps.store }, signal);
  for (const subject of subjects) {
    deps.log.info({ actor: personId, command: 'rerun', subject: subjectKey(subject) }, 'command given');
    await deps.store.updateSubject(subject, askFresh);
  }
  return subjects.map((subject) => ({ ...gateJob(subject), at: undefined }));
}

async function subjectsOf(
  { ids }: Job,
  { host, store }: { readonly host: Host; readonly store: CommandDeps['store'] },
  signal: AbortSignal,
): Promise<readonly Subject[]> {
  const repositoryId = String(ids['repositoryId']);
  const { branch } = ids;
  if (typeof branch === 'string') return [{ kind: 'merge-group', host: host.id, repositoryId, branch }];
  const sha = toSha(ids['sha']);
  if (sha === undefined) return [];
  const changes = await host.changes.ofHead(repositoryId, sha, signal);
  const known = await store.subjectsOfHead({ host: host.id, repositoryId }, sha);
  return [
    ...changes.map((change) => ({ kind: 'change', host: host.id, ...change }) as const),
    // The tip of a branch that is released: the host knows no change of it.
    ...known.filter(({ kind: about }) => about === 'branch'),
  ];
}
