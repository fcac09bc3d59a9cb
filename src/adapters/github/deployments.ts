import type { z } from 'zod';
import type { DeployedCommit } from '../../ports/host.ts';
import { Deployment, DeploymentStatusAnswer } from './answers.ts';
import { readAnswer } from './client.ts';
import type { InRepository } from './in-repository.ts';
import type { Me } from './me.ts';
import { readPages } from './pages.ts';

/** What reading and writing deployments needs. */
export interface DeploymentDeps {
  readonly repositories: InRepository;
  readonly me: Me;
}

/** Deployments that are looked through for ours; GitHub lists the newest first. */
const maxPages = 3;
const task = 'deploy';

/** A deployment that we made, and of which release it tells. */
export interface OurDeployment {
  readonly id: number;
  readonly sha: string;
  readonly release: string;
}

/** Our deployments to an environment, newest first, of one commit or of all. */
export async function* listOurs(
  { repositories, me }: DeploymentDeps,
  wanted: { readonly repositoryId: string; readonly environment: string; readonly sha?: string },
  signal: AbortSignal,
): AsyncGenerator<OurDeployment> {
  const { repositoryId, environment, sha } = wanted;
  const filter = { environment, task, ...(sha !== undefined && { sha }) };
  const route = 'GET /deployments';
  const rows = readPages({ schema: Deployment, what: 'a deployment', maxPages }, (page) =>
    repositories.send(
      { repositoryId, route, parameters: { ...filter, ...page }, purpose: 'release' },
      signal,
    ),
  );
  for await (const row of rows) {
    const ours = await asOurs(row, me, signal);
    if (ours !== undefined) yield ours;
  }
}

/** Makes the deployment of a release. Nothing is merged for it, and no check is asked for: both were decided on before. */
export async function createDeployment(
  { repositories }: DeploymentDeps,
  { commit, release, description }: { commit: DeployedCommit; release: string; description: string },
  signal: AbortSignal,
): Promise<number> {
  const parameters = {
    ref: commit.sha,
    task,
    auto_merge: false,
    required_contexts: [],
    payload: { modelgate: release },
    environment: commit.environment,
    description,
    transient_environment: false,
    production_environment: true,
  };
  const repositoryId = commit.repository.id;
  const wanted = { repositoryId, route: 'POST /deployments', parameters, purpose: 'release' } as const;
  const { data } = await repositories.send(wanted, signal);
  return readAnswer(Deployment, data, 'the new deployment').id;
}

/** The statuses of a deployment, newest first. @throws UserError `host-not-found` when it is gone. */
export async function listStatuses(
  { repositories }: DeploymentDeps,
  { repositoryId, id }: { readonly repositoryId: string; readonly id: number },
  signal: AbortSignal,
): Promise<readonly DeploymentStatusAnswer[]> {
  const route = 'GET /deployments/{deployment_id}/statuses';
  const list = { schema: DeploymentStatusAnswer, what: 'a status of a deployment', maxPages };
  const rows = readPages(list, (page) => {
    const parameters = { deployment_id: id, ...page };
    return repositories.send({ repositoryId, route, parameters, purpose: 'release' }, signal);
  });
  const found: DeploymentStatusAnswer[] = [];
  for await (const row of rows) found.push(row);
  return found.toSorted((a, b) => b.id - a.id);
}

/** Adds a status to a deployment. What it means for older deployments is our own business (specs git-hosts 3.3). */
export async function addStatus(
  { repositories }: DeploymentDeps,
  { repositoryId, id, fields }: { repositoryId: string; id: number; fields: object },
  signal: AbortSignal,
): Promise<void> {
  const route = 'POST /deployments/{deployment_id}/statuses';
  const parameters = { deployment_id: id, auto_inactive: false, ...fields };
  await repositories.send({ repositoryId, route, parameters, purpose: 'release' }, signal);
}

/** Whoever may deploy may write our payload, too: only what we made counts. */
async function asOurs(
  { id, sha, payload, creator }: z.infer<typeof Deployment>,
  me: Me,
  signal: AbortSignal,
): Promise<OurDeployment | undefined> {
  const release = releaseOf(payload);
  if (release === undefined || creator?.login !== (await me(signal))) return undefined;
  return { id, sha, release };
}

function releaseOf(payload: unknown): string | undefined {
  const value = typeof payload === 'string' ? parse(payload) : payload;
  if (typeof value !== 'object' || value === null || !('modelgate' in value)) return undefined;
  return typeof value.modelgate === 'string' ? value.modelgate : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
