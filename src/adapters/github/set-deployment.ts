import { toSha, type Sha } from '../../domain/repository.ts';
import { UserError } from '../../errors.ts';
import { isAnswer } from '../../net/host-answer.ts';
import type {
  DeployedCommit,
  DeploymentStatus,
  ReportMemory,
  UnfinishedDeployment,
} from '../../ports/host.ts';
import type { DeploymentStatusAnswer } from './answers.ts';
import { addStatus, createDeployment, listOurs, listStatuses } from './deployments.ts';
import type { DeploymentDeps } from './deployments.ts';
import { toDeploymentWords, type DeploymentWords } from './status-words.ts';

/** What is wanted of the deployment of one release. */
interface Wanted {
  readonly commit: DeployedCommit;
  readonly status: DeploymentStatus;
  readonly memory: ReportMemory;
}

/** Our older deployments that are looked at for the one that is still shown as active. */
const mostOlder = 10;
/** Our deployments that are looked at for one that succeeded, a request each. */
const mostLooked = 50;

/**
 * Shows how far the release has come as a deployment of its own, told by its payload. A status is added only where the
 * newest says something else: GitHub keeps all of them. One that was called off before it was shown is not shown.
 */
export async function setDeployment(
  deps: DeploymentDeps,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<ReportMemory> {
  const { commit, status, memory } = wanted;
  try {
    const words = toDeploymentWords(status);
    const shown = await findShown(deps, wanted, signal);
    if (shown === undefined && status.state === 'cancelled') return memory;
    const { description } = words;
    const made = { commit, release: status.release, description };
    const id = shown?.id ?? (await createDeployment(deps, made, signal));
    const repositoryId = commit.repository.id;
    if (!says(shown?.statuses ?? [], words))
      await addStatus(deps, { repositoryId, id, fields: words }, signal);
    if (status.state === 'success') await retireOlder(deps, commit, id, signal);
    return { ...memory, deploymentId: id };
  } catch (thrown) {
    throw explained(thrown, commit);
  }
}

/** The commit of our newest deployment to the environment that succeeded, whatever became of it later. */
export async function lastDeployed(
  deps: DeploymentDeps,
  { repositoryId, environment }: { readonly repositoryId: string; readonly environment: string },
  signal: AbortSignal,
): Promise<Sha | undefined> {
  let looked = 0;
  try {
    for await (const { id, sha } of listOurs(deps, { repositoryId, environment }, signal)) {
      const [newest] = spoken(await listStatuses(deps, { repositoryId, id }, signal));
      if (newest?.state === 'success') return toSha(sha);
      looked += 1;
      if (looked >= mostLooked) return undefined;
    }
  } catch (thrown) {
    if (!isAnswer(thrown, 'host-forbidden', 'host-not-found')) throw thrown;
  }
  return undefined;
}

/** Deployments that are looked at for those under way: a line has one, and the commits that wait. */
const mostLookedAt = 20;

/** Our deployments whose newest status says that they are under way, oldest first. */
export async function unfinished(
  deps: DeploymentDeps,
  { repositoryId, environment }: { readonly repositoryId: string; readonly environment: string },
  signal: AbortSignal,
): Promise<readonly UnfinishedDeployment[]> {
  const found: UnfinishedDeployment[] = [];
  let looked = 0;
  try {
    for await (const { id, sha, release } of listOurs(deps, { repositoryId, environment }, signal)) {
      const [newest] = await listStatuses(deps, { repositoryId, id }, signal);
      const commit = toSha(sha);
      // Without a status it was made a moment before we ended.
      if ((newest === undefined || newest.state === 'in_progress') && commit !== undefined)
        found.push({ sha: commit, release });
      looked += 1;
      if (looked >= mostLookedAt) break;
    }
  } catch (thrown) {
    if (!isAnswer(thrown, 'host-forbidden', 'host-not-found')) throw thrown;
  }
  return found.toReversed();
}

/** A deployment that is there, and what it says. */
interface Shown {
  readonly id: number;
  readonly statuses: readonly DeploymentStatusAnswer[];
}

async function findShown(
  deps: DeploymentDeps,
  { commit, status, memory }: Wanted,
  signal: AbortSignal,
): Promise<Shown | undefined> {
  const { environment, sha } = commit;
  const repositoryId = commit.repository.id;
  const remembered = memory['deploymentId'];
  if (typeof remembered === 'number') {
    const statuses = await orGone(listStatuses(deps, { repositoryId, id: remembered }, signal));
    if (statuses !== undefined) return { id: remembered, statuses };
  }
  for await (const { id, release } of listOurs(deps, { repositoryId, environment, sha }, signal)) {
    if (release === status.release)
      return { id, statuses: await listStatuses(deps, { repositoryId, id }, signal) };
  }
  return undefined;
}

/**
 * GitHub shows an older deployment to production as active until somebody says that it is not (specs git-hosts 3.3). Only
 * ours are spoken of; one that was in service and is inactive ends the look, because its successor saw to the others.
 */
async function retireOlder(
  deps: DeploymentDeps,
  { repository: { id: repositoryId }, environment }: DeployedCommit,
  current: number,
  signal: AbortSignal,
): Promise<void> {
  let looked = 0;
  for await (const { id } of listOurs(deps, { repositoryId, environment }, signal)) {
    if (id >= current) continue;
    const statuses = await listStatuses(deps, { repositoryId, id }, signal);
    if (statuses[0]?.state === 'success') {
      await addStatus(deps, { repositoryId, id, fields: { state: 'inactive' } }, signal);
      return;
    }
    looked += 1;
    const wasInService = spoken(statuses)[0]?.state === 'success';
    if (wasInService || looked >= mostOlder) return;
  }
}

/** What became inactive later has still said what it said before. */
function spoken(statuses: readonly DeploymentStatusAnswer[]): readonly DeploymentStatusAnswer[] {
  return statuses.filter(({ state }) => state !== 'inactive');
}

function says(statuses: readonly DeploymentStatusAnswer[], words: DeploymentWords): boolean {
  const [newest] = words.state === 'inactive' ? statuses : spoken(statuses);
  return (
    newest?.state === words.state &&
    (newest.description ?? '') === words.description &&
    (newest.log_url ?? '') === (words.log_url ?? '') &&
    (newest.environment_url ?? '') === (words.environment_url ?? '')
  );
}

async function orGone<T>(asked: Promise<T>): Promise<T | undefined> {
  try {
    return await asked;
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found')) return undefined;
    throw thrown;
  }
}

/** GitHub answers 404 as well where the token may read the repository and not deploy. */
function explained(thrown: unknown, { repository, sha, environment }: DeployedCommit): unknown {
  const what = `a deployment of ${sha} of ${repository.path} to ${environment}`;
  if (isAnswer(thrown, 'host-forbidden', 'host-not-found')) {
    const remedy =
      'Give the App (or the fine-grained token) the permission "Deployments: write", and let an owner of the organisation accept it.';
    return new UserError(
      'deployment-forbidden',
      `GitHub does not let us show ${what}: ${thrown.message}`,
      remedy,
      {
        cause: thrown,
      },
    );
  }
  if (isAnswer(thrown, 'host-refused', 'host-bad-request')) {
    const remedy = 'Check that the commit is still there; nothing but the display at GitHub hangs on it.';
    return new UserError('deployment-refused', `GitHub does not take ${what}: ${thrown.message}`, remedy, {
      cause: thrown,
    });
  }
  return thrown;
}
