import { apiOf } from '../repositories/urls.ts';
import type { Repository } from '../state.ts';
import type { Deployment, DeploymentStatus } from '../state-deployments.ts';
import { time } from '../times.ts';
import { presentUser } from '../users/present.ts';
import { nodeId, type World } from '../world.ts';

type Shown = Readonly<Record<string, unknown>>;

/** A deployment as answers and payloads show it. */
export function presentDeployment(world: World, repository: Repository, deployment: Deployment): Shown {
  const api = apiOf(world, repository);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url,
    id: deployment.id,
    node_id: nodeId('DE', deployment.id),
    sha: deployment.sha,
    ref: deployment.ref,
    task: deployment.task,
    payload: deployment.payload,
    original_environment: deployment.originalEnvironment,
    environment: deployment.environment,
    description: deployment.description ?? null,
    creator: presentUser(world, deployment.creator),
    created_at: time(deployment.createdAt),
    updated_at: time(deployment.updatedAt),
    statuses_url: `${url}/statuses`,
    repository_url: api,
    transient_environment: deployment.transient,
    production_environment: deployment.production,
  };
}

/** A status of a deployment as answers and payloads show it. */
export function presentDeploymentStatus(
  world: World,
  repository: Repository,
  { deployment, status }: { readonly deployment: Deployment; readonly status: DeploymentStatus },
): Shown {
  const api = apiOf(world, repository);
  const url = `${api}/deployments/${deployment.id}`;
  return {
    url: `${url}/statuses/${status.id}`,
    id: status.id,
    node_id: nodeId('DES', status.id),
    state: status.state,
    creator: presentUser(world, status.creator),
    description: status.description,
    environment: status.environment,
    target_url: status.logUrl,
    created_at: time(status.createdAt),
    updated_at: time(status.createdAt),
    deployment_url: url,
    repository_url: api,
    environment_url: status.environmentUrl,
    log_url: status.logUrl,
  };
}
