import { messageOf, UserError } from '../errors.ts';
import { idsOf, type Subject } from '../domain/subject.ts';
import type { Repository } from '../domain/repository.ts';
import type { Run } from '../domain/run.ts';
import type { GateDeps } from '../gate/deps.ts';
import { judgeNow } from '../gate/follow-ups.ts';
import type { Host, OpenChange } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import { partOf } from './sweep-part.ts';

/** Open changes of one repository that a sweep looks at. */
const maxChanges = 200;

/**
 * Asks every host what is open and pokes the changes whose head was not judged: webhooks that never came, and records
 * that are gone. The trouble of one host or repository does not keep another from being swept.
 */
export async function sweep(deps: GateDeps, signal: AbortSignal): Promise<readonly FollowUp[]> {
  const missed: FollowUp[] = [];
  const troubled: string[] = [];
  for (const host of deps.hosts.values()) {
    const found = await sweepHost(host, deps, signal);
    missed.push(...found.missed);
    if (!found.whole) troubled.push(host.id);
  }
  if (troubled.length === 0) deps.log.info({ missed: missed.length }, 'swept');
  else deps.log.warn({ missed: missed.length, hosts: troubled }, 'swept, but not everything could be read');
  return missed;
}

/** What was missed, and whether everything could be read. */
interface SweptHost {
  readonly missed: readonly FollowUp[];
  readonly whole: boolean;
}

async function sweepHost(host: Host, deps: GateDeps, signal: AbortSignal): Promise<SweptHost> {
  const missed: FollowUp[] = [];
  const repositories = await unlessTrouble({ host: host.id }, deps, signal, () =>
    host.changes.repositories(signal),
  );
  let whole = repositories !== undefined;
  for (const repository of partOf(repositories ?? [], host.sweptAtOnce, deps.clock.now())) {
    const of = { host: host.id, repository: repository.path };
    const found = await unlessTrouble(of, deps, signal, () => missedIn(host, repository, deps, signal));
    if (found === undefined) whole = false;
    missed.push(...(found ?? []));
  }
  const seconds = Math.round(deps.clock.now().getTime() / 1000);
  if (whole) deps.telemetry?.gauge('modelgate_sweeper_last_success_timestamp', { host: host.id }, seconds);
  return { missed, whole };
}

/** undefined: there was trouble, and the log has it. */
async function unlessTrouble<T>(
  of: object,
  deps: GateDeps,
  signal: AbortSignal,
  read: () => Promise<readonly T[]>,
): Promise<readonly T[] | undefined> {
  try {
    return await read();
  } catch (thrown) {
    signal.throwIfAborted();
    const what = 'repository' in of ? 'repository' : 'host';
    const remedy = thrown instanceof UserError ? { remedy: thrown.remedy } : {};
    deps.log.warn({ ...of, reason: messageOf(thrown), ...remedy }, `the ${what} could not be swept`);
    return undefined;
  }
}

async function missedIn(
  host: Host,
  repository: Repository,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const missed: FollowUp[] = [];
  const open = await host.changes.listOpen(repository.id, maxChanges, signal);
  if (open.length >= maxChanges) {
    const fields = { repository: repository.path, limit: maxChanges };
    deps.log.warn(
      fields,
      'the repository has more open changes than a sweep looks at: the oldest are left out',
    );
  }
  const of = { host: host.id, repositoryId: repository.id };
  const groups = await host.changes.listMergeGroups(repository.id, signal);
  const subjects: readonly (readonly [Subject, Listed])[] = [
    ...open.map((change) => [{ kind: 'change', ...of, number: change.number }, change] as const),
    ...groups.map((group) => [{ kind: 'merge-group', ...of, branch: group.branch }, group] as const),
  ];
  for (const [subject, listed] of subjects) {
    const record = await deps.store.loadSubject(subject);
    const run = record?.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
    missed.push(...jobsFor(subject, isOf(listed, run) ? run : undefined, deps));
  }
  return missed;
}

/** What a host's lists tell of a subject. */
type Listed = Pick<OpenChange, 'head' | 'targetBranch'>;

/** Whether the run is of the change as the host lists it now. */
function isOf(change: Listed, run: Run | undefined): boolean {
  const { head, targetBranch = run?.change.targetBranch } = change;
  return run?.change.head === head && run.change.targetBranch === targetBranch;
}

/** What nobody else will do: a verdict waits for its looks, and trouble that was told a moment ago is tried again by itself. */
function jobsFor(subject: Subject, run: Run | undefined, deps: GateDeps): readonly FollowUp[] {
  const now = deps.clock.now().getTime();
  if (run?.state !== 'judged') return [judgeNow(subject)];
  if (run.trouble !== undefined || run.judgement === undefined) {
    const told = new Date(run.timeline.at(-1)?.at ?? 0).getTime();
    // As long again as its own wake-up waits: it is late or lost. The count of tries goes on.
    if (now - told < 2 * deps.retries.every) return [];
    const next = judgeNow(subject);
    return [{ ...next, ids: { ...next.ids, attempt: deps.retries.after.length + 1 } }];
  }
  const overdue = run.looks?.next !== undefined && new Date(run.looks.next).getTime() < now;
  return overdue ? [{ kind: 'look-again', ids: idsOf(subject), at: undefined }] : [];
}
