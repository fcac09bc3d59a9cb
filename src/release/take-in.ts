import { newLine, type Candidate, type LineId, type ReleaseLine } from '../domain/release.ts';
import type { Sha } from '../domain/repository.ts';
import type { Run } from '../domain/run.ts';
import type { UnfinishedDeployment } from '../ports/host.ts';
import { candidateOf, supersededRelease } from './candidates.ts';
import { attemptWithId, mostAttempts, releaseIdOf } from './ids.ts';
import { reportRelease, reportWaiting } from './report-release.ts';
import type { ReleaseDeps } from './world.ts';

/** The line with the newest green tip of its branch taken in; undefined: there is nothing to release. */
export async function takeIn(
  id: LineId,
  branch: string,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<ReleaseLine | undefined> {
  const run = await newestTip(id, branch, deps);
  const line = (await deps.releases.loadLine(id)) ?? (await takeUp(id, branch, run, deps, signal));
  const wanted = line && candidateOf(line, run);
  if (line === undefined || wanted === undefined) return line;
  const attempt = await nextAttempt(id, wanted.commit, deps);
  if (attempt === undefined) return line;
  const candidate: Candidate = { ...wanted, branch, attempt };
  const { repository = line.repository } = run?.change ?? {};
  if (line.waiting !== undefined) await passOver(line, line.waiting, candidate.commit, deps, signal);
  const saved = await deps.releases.saveLine({ ...line, repository, branch, waiting: candidate });
  await reportWaiting(saved, candidate, deps, signal);
  return saved;
}

/**
 * The attempt that a tip begins with. A branch that is moved back names a commit that was on its way before: where that was
 * released or passed over it begins anew, where it failed people retry it, and there is none (undefined).
 */
async function nextAttempt(
  line: LineId,
  commit: Sha,
  { releases }: Pick<ReleaseDeps, 'releases'>,
): Promise<number | undefined> {
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const outcome = (await releases.loadRelease(releaseIdOf(line, { commit, attempt })))?.outcome;
    if (outcome === undefined) return attempt;
    if (outcome !== 'released' && outcome !== 'superseded') return undefined;
  }
  return undefined;
}

/**
 * A line that is not recorded: nothing was released on it, or our records are gone. What the host shows as under way is
 * taken up where it is, so that it comes to an end; undefined: there is nothing to be done.
 */
async function takeUp(
  id: LineId,
  branch: string,
  run: Run | undefined,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<ReleaseLine | undefined> {
  const host = deps.hosts.get(id.host);
  const unfinished = (await host?.production.unfinished(id.repositoryId, id.environment, signal)) ?? [];
  const tip = await host?.changes.tip(id.repositoryId, branch, signal);
  const repository = run?.change.repository ?? tip?.repository;
  if (repository === undefined || (unfinished.length === 0 && run === undefined)) return undefined;
  const line = newLine(id, { repository, branch });
  const [active, ...others] = unfinished.map((one) => ({
    commit: one.sha,
    branch,
    attempt: attemptOf(id, one),
  }));
  if (active === undefined) return line;
  const { commit } = active;
  deps.log.warn({ commit }, 'a release that the host shows as under way is taken up: its records are gone');
  const waiting = others.at(-1);
  const started = [deps.clock.now().toISOString()];
  const saved = await deps.releases.saveLine({ ...line, active, waiting, started });
  for (const other of others.slice(0, -1))
    await passOver(saved, other, waiting?.commit ?? commit, deps, signal);
  return saved;
}

/** The attempt whose release the host names; the first where it names none. */
function attemptOf(line: LineId, { sha, release }: UnfinishedDeployment): number {
  return (release === undefined ? undefined : attemptWithId(line, sha, release)) ?? 1;
}

/** A commit that will not be released: a newer one is. */
async function passOver(
  line: ReleaseLine,
  candidate: Candidate,
  by: Sha,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<void> {
  const superseded = supersededRelease(line, candidate, { by, at: deps.clock.now().toISOString() });
  if ((await deps.releases.loadRelease(superseded.id)) === undefined)
    await reportRelease(await deps.releases.saveRelease(superseded), deps, signal);
}

async function newestTip(id: LineId, branch: string, { runs }: ReleaseDeps): Promise<Run | undefined> {
  const { host, repositoryId } = id;
  const record = await runs.loadSubject({ kind: 'branch', host, repositoryId, branch });
  return record?.runId === undefined ? undefined : runs.loadRun(record.runId);
}
