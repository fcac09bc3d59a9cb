import { callHooks } from '../hooks/send.ts';
import type { Repository } from '../state.ts';
import type { Deployment, DeploymentStatus } from '../state-deployments.ts';
import type { Act, World } from '../world.ts';
import { presentDeployment, presentDeploymentStatus } from './present.ts';

/** Adds a deployment, and tells. It has no status yet. */
export async function createDeployment(
  world: World,
  act: Act,
  repository: Repository,
  fields: Pick<
    Deployment,
    'sha' | 'ref' | 'task' | 'payload' | 'environment' | 'description' | 'transient' | 'production'
  >,
): Promise<Deployment> {
  const now = world.now();
  const deployment: Deployment = {
    ...fields,
    id: world.nextId(),
    originalEnvironment: fields.environment,
    creator: act.user,
    createdAt: now,
    updatedAt: now,
    statuses: [],
  };
  repository.deployments.push(deployment);
  await callHooks(world, act, repository, {
    event: 'deployment',
    action: 'created',
    permissions: ['deployments'],
    payload: () => ({ deployment: presentDeployment(world, repository, deployment) }),
  });
  return deployment;
}

/** Adds a status to a deployment, and tells, but for `inactive`, which no event tells of (specs git-hosts 2.2). */
export async function addStatus(
  world: World,
  act: Act,
  { repository, deployment }: { readonly repository: Repository; readonly deployment: Deployment },
  fields: Omit<DeploymentStatus, 'id' | 'creator' | 'createdAt'>,
): Promise<DeploymentStatus> {
  const status = { ...fields, id: world.nextId(), creator: act.user, createdAt: world.now() };
  deployment.statuses.push(status);
  deployment.environment = status.environment;
  deployment.updatedAt = world.now();
  if (status.state === 'inactive') return status;
  await callHooks(world, act, repository, {
    event: 'deployment_status',
    action: 'created',
    permissions: ['deployments'],
    payload: () => ({
      deployment_status: presentDeploymentStatus(world, repository, { deployment, status }),
      deployment: presentDeployment(world, repository, deployment),
    }),
  });
  return status;
}

/**
 * What a success makes of the deployments before it: those of the environment that were a success, and neither transient
 * nor to production, are inactive from now on (specs git-hosts 3.3).
 */
export async function endOlder(
  world: World,
  act: Act,
  repository: Repository,
  current: Deployment,
): Promise<void> {
  for (const deployment of repository.deployments) {
    const { environment, transient, production } = deployment;
    const newest = deployment.statuses.at(-1);
    const isOlder = deployment.id < current.id && environment === current.environment;
    if (!isOlder || transient || production || newest?.state !== 'success') continue;
    const fields = { ...newest, state: 'inactive' } as const;
    await addStatus(world, act, { repository, deployment }, fields);
  }
}
