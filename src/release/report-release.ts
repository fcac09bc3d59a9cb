import type { Change } from '../domain/change.ts';
import type { Candidate, LineId, Release, ReleaseLine } from '../domain/release.ts';
import { messageOf, RetryableError, StaleRecordError, UserError } from '../errors.ts';
import type { DeployedCommit, DeploymentStatus, Host, ReportMemory } from '../ports/host.ts';
import { releaseComment } from '../report/release/comment.ts';
import { releaseLine, releaseState, waitingLine } from '../report/release/line.ts';
import { releaseIdOf } from './ids.ts';
import type { ReleaseDeps } from './world.ts';

/** How people are told. */
export interface ReleaseReporting {
  /** The page of a release. */
  releaseUrl(id: string): string;
  /** The page of a line, for what has no release of its own yet. */
  lineUrl(line: LineId): string;
  /** `counts`: names stay on the page (public repositories). */
  readonly disclose: 'names' | 'counts';
  /** The page of a run on Kubeflow, for people; undefined: nobody configured one. */
  runUrl(environment: string, serverRunId: string): string | undefined;
  /** Makes our one comment about production below a change read `body`; `create`: also where there is none yet. */
  setComment(
    host: Host,
    wanted: {
      readonly change: Change;
      readonly body: string;
      readonly create: boolean;
      readonly memory: ReportMemory;
    },
    signal: AbortSignal,
  ): Promise<ReportMemory>;
}

type Reporting = Pick<ReleaseDeps, 'hosts' | 'releases' | 'reporting' | 'log'>;

/**
 * Shows on the host how far the release has come, and keeps that it did; nothing is written that is there already. A host
 * that does not answer does not hold a release up: it is told the next time.
 */
export async function reportRelease(
  release: Release,
  deps: Reporting,
  signal: AbortSignal,
): Promise<Release> {
  const host = deps.hosts.get(release.line.host);
  const view = viewOf(release, deps.reporting);
  if (host === undefined || release.memory['told']?.['view'] === view) return release;
  try {
    const memory = await tell(release, host, deps, signal);
    return await deps.releases.saveRelease({ ...release, memory: { ...memory, told: { view } } });
  } catch (thrown) {
    signal.throwIfAborted();
    if (thrown instanceof StaleRecordError || !isKnown(thrown)) throw thrown;
    deps.log.warn(
      { reason: messageOf(thrown) },
      'the host could not be told yet how far the release has come',
    );
    return release;
  }
}

/** Releases that ended while the host did not answer are told of now. */
export async function reportUntold(line: ReleaseLine, deps: Reporting, signal: AbortSignal): Promise<void> {
  for (const release of await deps.releases.list({ line: line.line, limit: 3 }))
    if (release.outcome !== undefined) await reportRelease(release, deps, signal);
}

/** Shows that a commit waits: for the release before it, or for people who look at a held line. */
export async function reportWaiting(
  line: ReleaseLine,
  { commit: sha, branch, attempt }: Candidate,
  deps: Reporting,
  signal: AbortSignal,
): Promise<void> {
  const host = deps.hosts.get(line.line.host);
  const { repository, active, hold } = line;
  if (host === undefined || (active === undefined && hold === undefined)) return;
  const commit = { repository, branch, sha, environment: line.line.environment };
  const description = waitingLine(line, deps.reporting.disclose) ?? '';
  const release = releaseIdOf(line.line, { commit: sha, attempt });
  const url = deps.reporting.lineUrl(line.line);
  const status = { state: 'running', description, url, release, environmentUrl: undefined } as const;
  const { log } = deps;
  try {
    // The deployment comes first: what is shown as under way has to be found when our records are gone.
    await unlessRefused({}, { what: 'deployment', log }, () =>
      host.production.setDeployment(commit, status, {}, signal),
    );
    await unlessRefused({}, { what: 'status', log }, () =>
      host.production.setStatus(commit, status, {}, signal),
    );
  } catch (thrown) {
    signal.throwIfAborted();
    if (!isKnown(thrown)) throw thrown;
    deps.log.warn({ reason: messageOf(thrown) }, 'the host could not be told that a commit waits');
  }
}

function isKnown(thrown: unknown): boolean {
  return thrown instanceof RetryableError || thrown instanceof UserError;
}

/** What a release looks like from outside, as one text: as long as it is the same there is nothing to tell. */
function viewOf(release: Release, { disclose }: ReleaseReporting): string {
  return `${releaseState(release)} ${releaseLine(release, disclose)}`;
}

/** Status, deployment, comment, in this order: the first is what everybody sees. */
async function tell(
  release: Release,
  host: Host,
  { reporting, releases, log }: Reporting,
  signal: AbortSignal,
): Promise<Release['memory']> {
  const { repository, branch, commit: sha, line, memory, rollout, id } = release;
  const commit: DeployedCommit = { repository, branch, sha, environment: line.environment };
  const url = reporting.releaseUrl(id);
  const status: DeploymentStatus = {
    state: releaseState(release),
    description: releaseLine(release, reporting.disclose),
    url,
    release: id,
    // The address has the names of service and namespace in it.
    environmentUrl: reporting.disclose === 'names' ? rollout?.url : undefined,
  };
  const told: Record<string, ReportMemory> = { ...memory };
  // A plan is made within seconds: there is nothing to tell before.
  if (!isTold(release)) return told;
  // Where one of them is refused the other tells alone. The deployment comes first: it can be listed, and so what is shown
  // as under way is found when our records are gone.
  const { status: shown = {}, deployment = {} } = memory;
  const deployed = isDeployed(release) ? status : ({ ...status, state: 'cancelled' } as const);
  told['deployment'] = await unlessRefused(deployment, { what: 'deployment', log }, () =>
    host.production.setDeployment(commit, deployed, deployment, signal),
  );
  told['status'] = await unlessRefused(shown, { what: 'status', log }, () =>
    host.production.setStatus(commit, status, shown, signal),
  );
  if (!isDeployed(release)) return told;
  const change = await mergedChange(release, host, signal);
  if (change === undefined) return told;
  const { serverRunId } = release.training ?? {};
  const runUrl = serverRunId === undefined ? undefined : reporting.runUrl(line.environment, serverRunId);
  const before = (await releases.loadLine(line))?.released?.metrics;
  const comment = releaseComment({ release, url, disclose: reporting.disclose, runUrl, before });
  const wanted = { ...comment, change, memory: memory['comment'] ?? {} };
  told['comment'] = await reporting.setComment(host, wanted, signal);
  return told;
}

/** What the write remembers; what is remembered already, where people would have to allow it first. */
async function unlessRefused(
  known: ReportMemory,
  { what, log }: { readonly what: 'status' | 'deployment'; readonly log: ReleaseDeps['log'] },
  write: () => Promise<ReportMemory>,
): Promise<ReportMemory> {
  try {
    return await write();
  } catch (thrown) {
    if (!(thrown instanceof UserError)) throw thrown;
    log.warn({ reason: thrown.message, remedy: thrown.remedy }, `the host takes no ${what} from us`);
    return known;
  }
}

/** Whether there is something to tell: a plan, an end, or what is in the way of both. */
function isTold({ plan, outcome, hold, trouble }: Release): boolean {
  return plan !== undefined || outcome !== undefined || hold !== undefined || trouble !== undefined;
}

/** Whether something is on its way: a commit that waited, and that nothing came of, has a deployment that is called off. */
function isDeployed({ plan, outcome }: Release): boolean {
  if (outcome === undefined) return true;
  return plan !== undefined && outcome !== 'nothing-to-release' && outcome !== 'superseded';
}

/** The change whose merging brought the commit; undefined: it was pushed directly. */
async function mergedChange(release: Release, host: Host, signal: AbortSignal): Promise<Change | undefined> {
  const [newest] = await host.changes.mergedWith(release.repository.id, release.commit, signal);
  if (newest === undefined) return undefined;
  return host.changes.read({ kind: 'change', host: release.line.host, ...newest }, signal);
}
