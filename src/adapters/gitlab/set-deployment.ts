import { toSha, type Sha } from '../../domain/repository.ts';
import { RetryableError, UserError } from '../../errors.ts';
import { isAnswer, orUndefined } from '../../net/host-answer.ts';
import type {
  DeployedCommit,
  DeploymentStatus,
  ReportMemory,
  UnfinishedDeployment,
} from '../../ports/host.ts';
import { Deployment, Environment } from './answers.ts';
import { readAnswer } from './client.ts';
import type { GitlabClient } from './client.ts';
import { readPages } from './pages.ts';
import type { StatusDeps } from './try-place.ts';
import { longest } from './status-words.ts';

/** Deployments to an environment that are looked through for ours: pages of 100, newest first. */
const maxPages = 3;

type State = 'running' | 'success' | 'failed' | 'canceled';

const states: Readonly<Record<DeploymentStatus['state'], State>> = {
  running: 'running',
  success: 'success',
  failure: 'failed',
  cancelled: 'canceled',
};

/** What is wanted of the deployment of one release. */
interface Wanted {
  readonly commit: DeployedCommit;
  readonly status: DeploymentStatus;
  readonly memory: ReportMemory;
}

/**
 * Shows how far the release has come as a deployment (specs git-hosts 3.7). GitLab keeps no words with one: what it cannot
 * tell of a release, the commit status does. Ours is the newest of the commit that our user made; one that has ended never
 * runs again, so that another attempt has a deployment of its own. One that was called off before it was shown is not shown.
 */
export async function setDeployment(
  deps: StatusDeps,
  { commit, status, memory }: Wanted,
  signal: AbortSignal,
): Promise<ReportMemory> {
  const { client } = deps;
  const state = states[status.state];
  try {
    const shown = await findShown(client, commit, memory, signal);
    if (shown === undefined && state === 'canceled') return memory;
    const written = await ensureState(client, { commit, state, shown }, signal);
    if (status.state === 'success' && status.environmentUrl !== undefined)
      await linkEnvironment(deps, commit, status.environmentUrl, signal);
    return { ...memory, deploymentId: written.id };
  } catch (thrown) {
    throw explained(thrown, commit);
  }
}

/** The commit of our newest deployment to the environment that succeeded. */
export async function lastDeployed(
  client: GitlabClient,
  { repositoryId, environment }: { readonly repositoryId: string; readonly environment: string },
  signal: AbortSignal,
): Promise<Sha | undefined> {
  try {
    const ours = listOurs(client, { repositoryId, environment, status: 'success' }, signal);
    for await (const { sha } of ours) return toSha(sha);
  } catch (thrown) {
    if (!isAnswer(thrown, 'host-forbidden', 'host-not-found')) throw thrown;
  }
  return undefined;
}

/** Our deployments that are shown as running, oldest first; of which release they are GitLab cannot tell. */
export async function unfinished(
  client: GitlabClient,
  { repositoryId, environment }: { readonly repositoryId: string; readonly environment: string },
  signal: AbortSignal,
): Promise<readonly UnfinishedDeployment[]> {
  const found: UnfinishedDeployment[] = [];
  try {
    for await (const row of listOurs(client, { repositoryId, environment, status: 'running' }, signal)) {
      const sha = toSha(row.sha);
      if (sha !== undefined) found.push({ sha, release: undefined });
    }
  } catch (thrown) {
    if (!isAnswer(thrown, 'host-forbidden', 'host-not-found')) throw thrown;
  }
  return found.toReversed();
}

async function findShown(
  client: GitlabClient,
  { repository: { id: repositoryId }, environment, sha }: DeployedCommit,
  memory: ReportMemory,
  signal: AbortSignal,
): Promise<Deployment | undefined> {
  const remembered = memory['deploymentId'];
  if (typeof remembered === 'number') {
    const answer = await orUndefined(client.with(signal).deployments.show(repositoryId, remembered));
    if (answer !== undefined) return readAnswer(Deployment, answer, `deployment ${remembered}`);
  }
  // The list cannot be asked for a commit.
  for await (const row of listOurs(client, { repositoryId, environment }, signal)) {
    if (row.sha === sha) return row;
  }
  return undefined;
}

async function* listOurs(
  client: GitlabClient,
  wanted: { readonly repositoryId: string; readonly environment: string; readonly status?: State },
  signal: AbortSignal,
): AsyncGenerator<Deployment> {
  const { repositoryId, environment, status } = wanted;
  const me = await client.me(signal);
  const { deployments } = client.with(signal);
  const filter = { environment, ...(status !== undefined && { status }) };
  const rows = readPages(Deployment, 'a deployment', maxPages, (page) =>
    deployments.all(repositoryId, { ...filter, orderBy: 'id', sort: 'desc', ...page }),
  );
  for await (const row of rows) if (row.user?.id === me) yield row;
}

/** Only what differs is written; a deployment that GitLab has just moved there itself is no trouble. */
async function ensureState(
  client: GitlabClient,
  wanted: { readonly commit: DeployedCommit; readonly state: State; readonly shown: Deployment | undefined },
  signal: AbortSignal,
): Promise<Deployment> {
  const { commit, state, shown } = wanted;
  const { repository, environment, sha, branch } = commit;
  const { deployments } = client.with(signal);
  if (shown?.status === state) return shown;
  const isEnded = shown !== undefined && shown.status !== 'running' && shown.status !== 'created';
  if (shown === undefined || (isEnded && state === 'running')) {
    const made = await deployments.create(repository.id, environment, sha, branch, false, { status: state });
    return readAnswer(Deployment, made, 'the new deployment');
  }
  try {
    const edited = await deployments.edit(repository.id, shown.id, state);
    return readAnswer(Deployment, edited, 'the written deployment');
  } catch (thrown) {
    if (isAnswer(thrown, 'host-not-found'))
      throw new RetryableError('the deployment was deleted while it was being written', { cause: thrown });
    if (!isAnswer(thrown, 'host-bad-request')) throw thrown;
    // GitLab refuses to go from a state to itself; only what is there now tells that from a real refusal.
    const again = await deployments.show(repository.id, shown.id);
    const current = readAnswer(Deployment, again, `deployment ${shown.id}`);
    if (current.status !== state) throw thrown;
    return current;
  }
}

/** The link beside the environment, where nobody has set one: what people have written there stays. */
async function linkEnvironment(
  { client, log }: StatusDeps,
  { repository, environment: name }: DeployedCommit,
  externalUrl: string,
  signal: AbortSignal,
): Promise<void> {
  if (externalUrl.length > longest) return;
  const { environments } = client.with(signal);
  try {
    const rows = readPages(Environment, 'an environment', 1, (page) =>
      environments.all(repository.id, { name, ...page }),
    );
    for await (const { id, name: found, external_url: url } of rows) {
      if (found === name && (url ?? '') === '') await environments.edit(repository.id, id, { externalUrl });
    }
  } catch (thrown) {
    // The deployment is shown, and that is what counts.
    if (!(thrown instanceof UserError)) throw thrown;
    log.warn({ environment: name, reason: thrown.message }, 'the environment has no link to what it serves');
  }
}

function explained(thrown: unknown, { repository, sha, branch, environment }: DeployedCommit): unknown {
  const what = `a deployment of ${sha} of ${repository.path} to ${environment}`;
  if (isAnswer(thrown, 'host-forbidden', 'host-not-found')) {
    const remedy = `Give the user of the token the role Developer in the project; where the environment ${environment} is protected, allow it to deploy there.`;
    const message = `GitLab does not let us show ${what}: ${thrown.message}`;
    return new UserError('deployment-forbidden', message, remedy, { cause: thrown });
  }
  if (isAnswer(thrown, 'host-refused', 'host-bad-request')) {
    const remedy = `Check that ${branch} still holds the commit, and that GitLab takes the name of the environment.`;
    const message = `GitLab does not take ${what}: ${thrown.message}`;
    return new UserError('deployment-refused', message, remedy, { cause: thrown });
  }
  return thrown;
}
