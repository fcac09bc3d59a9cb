import { gateJob } from '../domain/job.ts';
import { askFresh } from '../domain/run.ts';
import { subjectKey, subjectOf } from '../domain/subject.ts';
import type { Log } from '../log.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp, Job } from '../ports/queue.ts';
import type { RunStore } from '../ports/run-store.ts';
import { parseCommand } from './parse-command.ts';

/** What commands need. */
export interface CommandDeps {
  readonly hosts: ReadonlyMap<string, Host>;
  readonly store: RunStore;
  readonly log: Log;
}

/**
 * Carries out a comment's command when its author may do that at this moment. A stranger's command is ignored without
 * an answer, so that nobody can make us talk.
 */
export async function runCommand(
  job: Job,
  deps: CommandDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const subject = subjectOf(job.ids);
  const commentId = String(job.ids['commentId'] ?? '');
  const host = deps.hosts.get(subject.host);
  if (subject.kind !== 'change') return [];
  const comment = await host?.changes.comment(subject.repositoryId, subject.number, commentId, signal);
  if (host === undefined || comment === undefined) return [];
  const parsed = parseCommand(comment.text);
  if (parsed?.kind !== 'command') {
    deps.log.info({ comment: commentId }, 'comment is no command that we know');
    return [];
  }
  if (!(await host.people.mayPush(subject.repositoryId, comment.authorId, signal))) {
    deps.log.info({ actor: comment.author, comment: commentId }, 'command ignored: its author may not push');
    return [];
  }
  deps.log.info(
    { actor: comment.author, command: parsed.command.name, subject: subjectKey(subject) },
    'command given',
  );
  await deps.store.updateSubject(subject, askFresh);
  return [{ ...gateJob(subject), at: undefined }];
}
