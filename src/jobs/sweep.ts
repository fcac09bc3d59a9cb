import { messageOf, UserError } from '../errors.ts';
import type { ReleaseLine } from '../domain/release.ts';
import type { Repository } from '../domain/repository.ts';
import type { Subject } from '../domain/subject.ts';
import type { GateDeps } from '../gate/deps.ts';
import type { Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import { overdueOf, type Listed } from './overdue.ts';
import { forgottenLines } from './sweep-lines.ts';
import { partOf } from './sweep-part.ts';
import { isServed, missedTips } from './sweep-tips.ts';

/** Open changes of one repository that a sweep looks at. */
const maxChanges = 200;

/**
 * Asks every host what is open, and where the branches are that may be released, and pokes what was not judged: webhooks that
 * never came, and records that are gone. Releases that nobody will wake are poked as well. The trouble of one host or
 * repository does not keep another from being swept.
 */
export async function sweep(deps: GateDeps, signal: AbortSignal): Promise<readonly FollowUp[]> {
  const lines = await deps.releases.lines();
  const missed: FollowUp[] = [...(await forgottenLines(lines, deps))];
  const troubled: string[] = [];
  for (const host of deps.hosts.values()) {
    const found = await sweepHost(host, lines, deps, signal);
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

async function sweepHost(
  host: Host,
  lines: readonly ReleaseLine[],
  deps: GateDeps,
  signal: AbortSignal,
): Promise<SweptHost> {
  const missed: FollowUp[] = [];
  const now = deps.clock.now();
  const repositories = await unlessTrouble({ host: host.id }, deps, signal, () =>
    host.changes.repositories(signal),
  );
  let whole = repositories !== undefined;
  for (const repository of partOf(repositories ?? [], sweptAtOnce(host, repositories ?? [], deps), now)) {
    const of = { host: host.id, repository: repository.path };
    const parts = [
      () => missedIn(host, repository, deps, signal),
      () => missedTips({ host, repository }, lines, deps, signal),
    ];
    for (const part of parts) {
      const found = await unlessTrouble(of, deps, signal, part);
      if (found === undefined) whole = false;
      missed.push(...(found ?? []));
    }
  }
  const seconds = Math.round(deps.clock.now().getTime() / 1000);
  if (whole) deps.telemetry?.gauge('modelgate_sweeper_last_success_timestamp', { host: host.id }, seconds);
  return { missed, whole };
}

/** Where something is released a repository costs twice as much: two requests for what is open, two for a tip. */
function sweptAtOnce(
  { sweptAtOnce: most }: Host,
  repositories: readonly Repository[],
  deps: GateDeps,
): number | undefined {
  const costsMore = repositories.some((repository) => isServed(repository, deps));
  return most === undefined || !costsMore ? most : Math.ceil(most / 2);
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
  for (const [subject, listed] of subjects) missed.push(...(await overdueOf(subject, listed, deps)));
  return missed;
}
