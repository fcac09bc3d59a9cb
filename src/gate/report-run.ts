import { UserError } from '../errors.ts';
import type { Change } from '../domain/change.ts';
import type { Run } from '../domain/run.ts';
import type { Sha } from '../domain/repository.ts';
import type { Host, ReportMemory, Status } from '../ports/host.ts';
import { commentOf } from '../report/comment.ts';
import { statusOf } from '../report/status.ts';
import { withoutStatus } from '../report/without-status.ts';
import type { GateDeps } from './deps.ts';
import { loadOrBegin, updateSubject } from './subject-record.ts';

/** One evaluation's right to write: a generation that is not the newest writes nothing. */
export interface Reporting {
  readonly host: Host;
  readonly change: Change;
  readonly generation: number;
}

/** Shows the run beside the head and, where there is something to read, below the change. */
export async function reportRun(run: Run, reporting: Reporting, deps: GateDeps, signal: AbortSignal): Promise<void> {
  const refused = await reportStatus(run, reporting, deps, signal);
  if (run.judgement === undefined) return;
  const usual = commentOf(run, { url: deps.runUrl(run.id), disclose: deps.disclose });
  const comment = refused === undefined ? usual : withoutStatus(usual, refused);
  await remembering(run.subject, 'comment', reporting.generation, deps, (memory) =>
    reporting.host.reporter.setComment(reporting.change, comment, memory, signal),
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
  const status = statusOf(run, { url: deps.runUrl(run.id), disclose: deps.disclose });
  try {
    await writeStatus(run, reporting, status, deps, signal);
    return undefined;
  } catch (thrown) {
    if (!(thrown instanceof UserError) || thrown.code !== 'status-forbidden') throw thrown;
    deps.log.warn({ reason: thrown.message, remedy: thrown.remedy }, 'the host takes no status from us');
    return thrown;
  }
}

/** Ends the statuses of all other heads that we began: they will never be judged. */
export async function endOtherHeads(
  run: Pick<Run, 'subject'>,
  reporting: Reporting,
  keep: Sha | undefined,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<void> {
  const record = await loadOrBegin(deps.store, run.subject);
  for (const head of record.open.filter((open) => open !== keep)) {
    const description = keep === undefined ? 'the change was closed' : `superseded by ${keep.slice(0, 8)}`;
    const url = record.runId === undefined ? '' : deps.runUrl(record.runId);
    const of = { ...reporting, change: { ...reporting.change, head } };
    await endHead(run, of, { state: 'cancelled', description, url }, deps, signal);
  }
}

/** A head that the host refuses for good, because it is gone, must not keep the newer one from being judged. */
async function endHead(
  run: Pick<Run, 'subject'>,
  of: Reporting,
  status: Status,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<void> {
  try {
    await writeStatus(run, of, status, deps, signal);
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    deps.log.warn({ head: of.change.head, reason: thrown.message }, 'the status of an older head stays as it is');
    await forgetHead(run, of.change.head, deps);
  }
}

async function writeStatus(
  run: Pick<Run, 'subject'>,
  { host, change, generation }: Reporting,
  status: Status,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<void> {
  const { head } = change;
  if (status.state === 'running') {
    await updateSubject(deps.store, run.subject, (record) => ({ ...record, open: [...new Set([...record.open, head])] }));
  }
  await remembering(run.subject, `status/${head}`, generation, deps, (memory) =>
    host.reporter.setStatus(change, status, memory, signal),
  );
  if (status.state !== 'running') await forgetHead(run, head, deps);
}

async function forgetHead(run: Pick<Run, 'subject'>, head: Sha, deps: GateDeps): Promise<void> {
  await updateSubject(deps.store, run.subject, (record) => ({
    ...record,
    open: record.open.filter((open) => open !== head),
  }));
}

async function remembering(
  subject: Run['subject'],
  name: string,
  generation: number,
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
  await updateSubject(deps.store, subject, (newest) => ({ ...newest, memory: { ...newest.memory, [name]: after } }));
}
