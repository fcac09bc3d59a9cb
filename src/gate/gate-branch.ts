import { mayRelease, type Environment } from '../domain/environment.ts';
import { idsOf, type BranchSubject } from '../domain/subject.ts';
import type { BranchTip, Host } from '../ports/host.ts';
import type { FollowUp } from '../ports/queue.ts';
import type { GateDeps } from './deps.ts';
import { endGone } from './end-change.ts';
import { gateSubject } from './gate-change.ts';
import { tellNotReleased } from './not-released.ts';
import { noteQuiet } from './quiet-tip.ts';
import { tryLater } from './try-later.ts';
import { wayToProduction } from './way-to-production.ts';

/**
 * Brings the tip of a branch on its way to production: reads where it is, judges it as it is, by its own policy, and pokes
 * the release when nothing is in its way. Of a branch that is released nowhere nobody hears anything. Pushes, merges, sweeps
 * and people all come here, in any order and as often as they like: everything is about the tip as it is now.
 */
export async function gateBranch(
  subject: BranchSubject,
  attempt: number,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const host = deps.hosts.get(subject.host);
  if (host === undefined) return [];
  const left: FollowUp[] = [];
  try {
    const tip = await host.changes.tip(subject.repositoryId, subject.branch, signal);
    if (tip === undefined || !mayBeReleased(tip, deps)) return await endGone({ subject, host }, deps, signal);
    const read = { subject, host, tip };
    const way = await wayToProduction(tip, deps, signal);
    if (way.kind === 'released') {
      const { environment } = way;
      const since = await releasedLast(subject, environment, deps);
      left.push(...(await gateSubject({ subject, host, attempt, tip: { ...tip, since } }, deps, signal)));
      return [...left, ...(await afterwards({ ...read, environment }, deps, signal))];
    }
    left.push(...(await endGone({ subject, host }, deps, signal)));
    if (way.kind === 'none') await noteQuiet(deps.store, subject, tip.sha);
    else {
      const { environment, refusal: because } = way;
      await tellNotReleased({ ...read, environment, because }, deps, signal);
    }
    return left;
  } catch (cause) {
    const isJudged = (await deps.store.loadSubject(subject))?.runId !== undefined;
    return [...left, await tryLater({ subject, host, attempt, cause, isJudged }, deps, signal)];
  }
}

function mayBeReleased({ repository, branch, isDefault }: BranchTip, { environments }: GateDeps): boolean {
  return mayRelease({ path: repository.path, branch, isDefault }, environments.values());
}

/** What is in production: what the tip has beside it is new. */
async function releasedLast(
  { host, repositoryId }: BranchSubject,
  { name: environment }: Environment,
  { releases }: Pick<GateDeps, 'releases'>,
): Promise<BranchTip['sha'] | undefined> {
  return (await releases.loadLine({ host, repositoryId, environment }))?.released?.commit;
}

/** What the verdict on the tip means for its release; nothing, where there is none yet. */
async function afterwards(
  {
    environment: { name: environment },
    ...of
  }: {
    readonly subject: BranchSubject;
    readonly host: Host;
    readonly tip: BranchTip;
    readonly environment: Environment;
  },
  deps: GateDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const { subject, tip } = of;
  const record = await deps.store.loadSubject(subject);
  const run = record?.runId === undefined ? undefined : await deps.store.loadRun(record.runId);
  // Whoever wants it judged afresh has poked it.
  if (run?.state !== 'judged' || run.change.head !== tip.sha || record?.runFresh !== record?.fresh) return [];
  const release: FollowUp = { kind: 'release', ids: { ...idsOf(subject), environment }, at: undefined };
  if (run.decision?.blocking === false) return [release];
  await tellNotReleased({ ...of, environment, because: run }, deps, signal);
  // Without a record of the line, something that the host shows as under way may have to be taken up.
  const { host, repositoryId } = subject;
  const line = await deps.releases.loadLine({ host, repositoryId, environment });
  return line === undefined ? [release] : [];
}
