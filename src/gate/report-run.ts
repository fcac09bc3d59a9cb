import { messageOf, UserError } from '../errors.ts';
import type { Run } from '../domain/run.ts';
import type { Sha } from '../domain/repository.ts';
import type { ReportMemory, Status } from '../ports/host.ts';
import { commentOf } from '../report/comment.ts';
import { withoutStatus } from '../report/without-status.ts';
import type { GateDeps } from './deps.ts';
import type { ReadChange, Reporting } from './reporting.ts';
import { sharedStatus, sharersOf } from './shared-head.ts';
import { setComment } from './sticky-comment.ts';
import { closeHead, loadOrBegin, openHead, pruneMemory } from './subject-record.ts';
import { thrownFields } from './trouble.ts';

/** Shows the run beside the head and, where there is something to read, below the change. */
export async function reportRun(
  run: Run,
  reporting: Reporting,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<void> {
  const refused = await reportStatus(run, reporting, deps, signal);
  // Below a merge group nobody can write; its changes have comments of their own.
  if (run.judgement === undefined || reporting.change.number === undefined) return;
  const usual = commentOf(run, { url: deps.runUrl(run.id), disclose: deps.disclose });
  const comment = refused === undefined ? usual : withoutStatus(usual, refused);
  const { change, host } = reporting;
  const sticky = { comments: host.comments, instance: deps.instance };
  await remembering(reporting, 'comment', deps, (memory) =>
    setComment(sticky, { ...comment, change, memory }, signal),
  );
}

/**
 * Shows the run beside the head alone. Returns why the host lets us write no status there, as in a fork that does not
 * know us: the change is judged all the same.
 */
export async function reportStatus(
  run: Run,
  reporting: Reporting,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<UserError | undefined> {
  const shown = sharedStatus([run, ...(await sharersOf(reporting, deps, signal))], deps);
  try {
    await writeStatus(reporting, { status: shown, running: run.state === 'running' }, deps, signal);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.code !== 'status-forbidden') throw thrown;
    deps.log.warn({ reason: thrown.message, remedy: thrown.remedy }, 'the host takes no status from us');
    return thrown;
  }
}

/**
 * Ends the statuses of all other heads that we began: they will never be judged. A head that cannot be ended now stays
 * in `open`, for the next evaluation or the end of the change. Answers the first trouble, so that a caller after whom
 * nobody comes can try again.
 */
export async function endOtherHeads(
  reporting: Reporting,
  keep: Sha | undefined,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<Error | undefined> {
  const { subject } = reporting;
  const record = await loadOrBegin(deps.store, subject);
  const others = record.open.filter((open) => open !== keep);
  const description = keep === undefined ? endOf(reporting) : `superseded by ${keep.slice(0, 8)}`;
  const url = record.runId === undefined ? '' : deps.runUrl(record.runId);
  let trouble: Error | undefined;
  for (const head of others) {
    const of = { ...reporting, change: { ...reporting.change, head } };
    try {
      await endHead(of, { state: 'cancelled', description, url }, deps, signal);
    } catch (thrown) {
      signal.throwIfAborted();
      deps.log.warn({ head, ...thrownFields(thrown) }, 'the status of an older head could not be ended yet');
      trouble ??= thrown instanceof Error ? thrown : new Error(messageOf(thrown));
    }
  }
  if (others.length > 0) await deps.store.updateSubject(subject, (newest) => pruneMemory(newest, keep));
  return trouble;
}

/** How a subject ended, in words; of a merge group nobody tells whether it was merged. */
export function endOf({ subject, change }: Pick<ReadChange, 'subject' | 'change'>): string {
  if (subject.kind === 'change') return `the change was ${change.state}`;
  return subject.kind === 'branch' ? 'the branch is not released any more' : 'the merge group is gone';
}

/** A head that the host refuses for good, because it is gone, is given up; credentials that do not count will be renewed. */
async function endHead(of: Reporting, status: Status, deps: GateDeps, signal: AbortSignal): Promise<void> {
  try {
    const [other, ...others] = await sharersOf(of, deps, signal);
    const shown = other === undefined ? status : sharedStatus([other, ...others], deps);
    await writeStatus(of, { status: shown, running: false }, deps, signal);
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.code === 'host-unauthorised') throw thrown;
    deps.log.warn(
      { head: of.change.head, reason: thrown.message },
      'the status of an older head stays as it is',
    );
    await deps.store.updateSubject(of.subject, (record) => closeHead(record, of.change.head));
  }
}

/** `running`: our own evaluation of the head goes on, whatever is shown there. */
async function writeStatus(
  reporting: Reporting,
  { status, running }: { readonly status: Status; readonly running: boolean },
  deps: GateDeps,
  signal: AbortSignal,
): Promise<void> {
  const { subject, host, change } = reporting;
  const { head } = change;
  if (running) {
    await deps.store.updateSubject(subject, (record) => openHead(record, head));
  }
  await remembering(reporting, `status/${head}`, deps, (memory) =>
    host.reporter.setStatus(change, status, memory, signal),
  );
  if (!running) await deps.store.updateSubject(subject, (record) => closeHead(record, head));
}

async function remembering(
  { subject, generation }: Reporting,
  name: string,
  deps: GateDeps,
  write: (memory: ReportMemory) => Promise<ReportMemory>,
): Promise<void> {
  const record = await loadOrBegin(deps.store, subject);
  if (record.generation !== generation) {
    deps.log.info({ generation, newest: record.generation }, 'not reported: a newer evaluation has begun');
    return;
  }
  const before = record.memory[name] ?? {};
  const after = await write(before);
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  await deps.store.updateSubject(subject, (newest) => ({
    ...newest,
    memory: { ...newest.memory, [name]: after },
  }));
}
