import { releaseFigures } from '../domain/release-figures.ts';
import type { Job } from '../domain/job.ts';
import type { LineId, Release, ReleaseLine } from '../domain/release.ts';
import { messageOf, RetryableError, StaleRecordError, UserError } from '../errors.ts';
import type { FollowUp } from '../ports/queue.ts';
import { beginNext, isOverLimit, newRelease, settle } from './candidates.ts';
import { releaseIdOf } from './ids.ts';
import { reportRelease, reportUntold, reportWaiting } from './report-release.ts';
import { makeStep } from './step.ts';
import { takeIn } from './take-in.ts';
import type { ReleaseDeps, ReleaseWorld } from './world.ts';

/** Steps that one job makes: more would mean that a phase goes round in circles. */
const mostSteps = 200;

/**
 * Drives the releases of one repository to one environment: takes in the newest green tip, goes on with what is under way,
 * settles what has ended, and begins what waits. Doing it again changes nothing.
 */
export async function driveLine(
  job: Job,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<readonly FollowUp[]> {
  const { host, repositoryId, environment, tip } = job.ids;
  const id: LineId = {
    host: String(host),
    repositoryId: String(repositoryId),
    environment: String(environment),
  };
  const taken = await takeIn(id, String(tip), deps, signal);
  if (taken === undefined) return [];
  await reportUntold(taken, deps, signal);
  for (let steps = 0; steps < mostSteps; steps += 1) {
    // A step may take long: people may have held the line meanwhile.
    const line = await deps.releases.loadLine(id);
    if (line === undefined) return [];
    if (line.hold !== undefined) {
      if (line.waiting !== undefined) await reportWaiting(line, line.waiting, deps, signal);
      return [];
    }
    if (line.active === undefined) {
      if ((await begin(line, deps, signal)) === undefined) return [];
      continue;
    }
    const release = await activeRelease(line, deps, signal);
    const advanced = await advance(release, line, deps, signal);
    if (advanced === 'stuck') return [];
    if (advanced !== 'again') return [wakeUp(job, advanced, deps)];
  }
  return [{ ...job, at: new Date(deps.clock.now().getTime() + 5000) }];
}

/**
 * One step of the active release, or its end. `again`: there is more to do at once; `stuck`: the configuration does not have
 * what it needs; otherwise the record says when it is looked at again.
 */
async function advance(
  release: Release,
  line: ReleaseLine,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<Release | 'again' | 'stuck'> {
  const { id, commit, repository } = release;
  const { host, environment } = line.line;
  const of = { host, repository: repository.path, environment, run: id, release: id, commit };
  const log = deps.log.child(of);
  const told = { ...deps, log };
  if (release.outcome !== undefined) {
    await reportRelease(release, told, signal);
    await deps.releases.saveLine(settle(line, release, deps.clock.now().toISOString()));
    return 'again';
  }
  const world = openWorld(release, deps);
  if (world === undefined) return 'stuck';
  const step = makeStep(release, line, { releases: deps.releases, world, log }, signal);
  const stepped = await step.catch(async (thrown: unknown) => {
    await noteTrouble(id, thrown, told, signal);
    throw thrown;
  });
  countStep(release, stepped.release, deps);
  const reported = await reportRelease(stepped.release, told, signal);
  return reported.outcome !== undefined || stepped.again ? 'again' : reported;
}

/** What waits begins, unless the day's limit is reached: then people have to look at it. */
async function begin(
  line: ReleaseLine,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<ReleaseLine | undefined> {
  const now = deps.clock.now();
  const begun = beginNext(line, now);
  if (begun === undefined) return undefined;
  const perDay = deps.environments.get(line.line.environment)?.releasesPerDay ?? Infinity;
  if (!isOverLimit(line, perDay, now)) return deps.releases.saveLine(begun);
  const hold = {
    at: now.toISOString(),
    actor: 'modelgate',
    reason: `${perDay} releases began within 24 hours, which is the limit of the environment`,
    remedy: `Find out what starts them. Then resume the line with \`modelgate release resume\`, or raise environments.${line.line.environment}.releasesPerDay.`,
  };
  deps.log.warn({ reason: hold.reason, remedy: hold.remedy }, 'the environment is held');
  const held = await deps.releases.saveLine({ ...line, hold });
  if (held.waiting !== undefined) await reportWaiting(held, held.waiting, deps, signal);
  return held;
}

/** The record of the active attempt; where there is none it begins, and the host is asked whether it began before. */
async function activeRelease(line: ReleaseLine, deps: ReleaseDeps, signal: AbortSignal): Promise<Release> {
  const { active } = line;
  if (active === undefined) throw new Error('no release is active');
  const known = await deps.releases.loadRelease(releaseIdOf(line.line, active));
  if (known !== undefined) return known;
  const at = deps.clock.now().toISOString();
  const isFirst = line.settled === undefined && line.started.length <= 1;
  const seenBefore = isFirst && (await wasBegun(line, active, deps, signal));
  return deps.releases.saveRelease(newRelease(line, active, { at, seenBefore }));
}

/** Whether the host shows that a release of the commit is under way, of which nothing is recorded. */
async function wasBegun(
  line: ReleaseLine,
  { commit: sha, branch }: NonNullable<ReleaseLine['active']>,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<boolean> {
  const host = deps.hosts.get(line.line.host);
  const commit = { repository: line.repository, branch, sha, environment: line.line.environment };
  if ((await host?.production.shownState(commit, signal)) === 'running') return true;
  const { repositoryId, environment } = line.line;
  const unfinished = (await host?.production.unfinished(repositoryId, environment, signal)) ?? [];
  return unfinished.some((one) => one.sha === sha);
}

/** Everything that the release may reach; undefined: the configuration does not have its host or environment any more. */
function openWorld(release: Release, deps: ReleaseDeps): ReleaseWorld | undefined {
  const { host: hostId, environment: name } = release.line;
  const host = deps.hosts.get(hostId);
  const environment = deps.environments.get(name);
  if (host === undefined || environment === undefined) {
    const remedy = `Put ${host === undefined ? `the host "${hostId}"` : `environments.${name}`} back into the configuration: the release goes on then.`;
    deps.log.error(
      { release: release.id, remedy },
      'a release is under way to what the configuration does not have',
    );
    return undefined;
  }
  const { snapshots, limits, ruleIds, timing, clock, permit } = deps;
  return {
    host,
    environment,
    snapshots,
    limits,
    ruleIds,
    timing,
    clock,
    permit,
    get pipelines() {
      return deps.pipelines(name) ?? missing(name, 'kubeflow');
    },
    get serving() {
      return deps.serving(name) ?? missing(name, 'kserve');
    },
    get models() {
      return deps.models(name, release.repository);
    },
  };
}

/** The next look at what is under way. */
function wakeUp(job: Job, { wakeAt }: Release, { clock }: ReleaseDeps): FollowUp {
  return { ...job, at: wakeAt === undefined ? clock.now() : new Date(wakeAt) };
}

/** The policy was checked against the configuration, which has changed since. @throws UserError */
function missing(environment: string, setting: string): never {
  throw new UserError(
    'environment-incomplete',
    `the configuration has no environments.${environment}.${setting} any more`,
    'Put it back: the release goes on then.',
  );
}

/** What a step adds to the figures. */
function countStep(before: Release, after: Release, { telemetry }: ReleaseDeps): void {
  const { environment } = before.line;
  const { phase, outcome } = releaseFigures(before, after);
  if (phase !== undefined)
    telemetry?.observe('modelgate_release_phase_seconds', { environment, phase: phase.name }, phase.seconds);
  if (outcome !== undefined) telemetry?.count('modelgate_releases_total', { environment, outcome });
}

/** A platform that does not answer is told where people look for the release; the job is tried again by itself. */
async function noteTrouble(
  id: string,
  thrown: unknown,
  deps: ReleaseDeps,
  signal: AbortSignal,
): Promise<void> {
  if (!(thrown instanceof RetryableError) || thrown instanceof StaleRecordError || signal.aborted) return;
  try {
    const release = await deps.releases.loadRelease(id);
    if (release === undefined || release.trouble === thrown.message) return;
    await reportRelease(
      await deps.releases.saveRelease({ ...release, trouble: thrown.message }),
      deps,
      signal,
    );
  } catch (again) {
    // What is in the way may well be in the way of this, too: the job tells of it.
    deps.log.debug({ reason: messageOf(again) }, 'the trouble of a release could not be noted');
  }
}
