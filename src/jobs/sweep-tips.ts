import { mayRelease } from '../domain/environment.ts';
import type { ReleaseLine } from '../domain/release.ts';
import type { Repository } from '../domain/repository.ts';
import type { GateDeps } from '../gate/deps.ts';
import { isQuiet } from '../gate/quiet-tip.ts';
import type { BranchTip, Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import { overdueOf } from './overdue.ts';

/** Whether anything of the repository may be released. */
export function isServed({ path }: Repository, { environments }: Pick<GateDeps, 'environments'>): boolean {
  return [...environments.values()].some((one) => one.serves(path));
}

/**
 * The tips of one repository that may be released and that nobody judged, or whose verdict nobody looks after: those of the
 * default branch and of the branches that were released before. Each tip costs two requests on both hosts, the repository's
 * and the branch's; a repository that no environment serves costs none.
 */
export async function missedTips(
  { host, repository }: { readonly host: Host; readonly repository: Repository },
  lines: readonly ReleaseLine[],
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  if (!isServed(repository, deps)) return [];
  const main = await host.changes.tip(repository.id, undefined, signal);
  const tips = [main];
  const known = lines.filter(({ line }) => line.host === host.id && line.repositoryId === repository.id);
  const others = new Set(known.map(({ branch }) => branch).filter((branch) => branch !== main?.branch));
  for (const branch of others) tips.push(await host.changes.tip(repository.id, branch, signal));
  const missed: FollowUp[] = [];
  for (const tip of tips) if (tip !== undefined) missed.push(...(await missedOf(tip, host, deps)));
  return missed;
}

async function missedOf(
  { repository, branch, sha: head, isDefault }: BranchTip,
  { id: host }: Host,
  deps: GateDeps,
): Promise<readonly FollowUp[]> {
  if (!mayRelease({ path: repository.path, branch, isDefault }, deps.environments.values())) return [];
  const subject = { kind: 'branch', host, repositoryId: repository.id, branch } as const;
  if (isQuiet(await deps.store.loadSubject(subject), head)) return [];
  return overdueOf(subject, { head, targetBranch: branch }, deps);
}
