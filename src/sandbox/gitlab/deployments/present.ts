import { readCommit } from '../../git/history.ts';
import { userPayload } from '../payloads/merge-request.ts';
import { projectPayload, webUrl } from '../projects/present.ts';
import type { Project } from '../state.ts';
import type { Deployment, Environment } from '../state-deployments.ts';
import { apiTime, hookTime } from '../times.ts';
import { presentUser } from '../users.ts';
import type { World } from '../world.ts';

type Shown = Readonly<Record<string, unknown>>;

/** A deployment as answers show it; one that was made by the API has no job. */
export function presentDeployment(world: World, deployment: Deployment): Shown {
  const { environment } = deployment;
  return {
    id: deployment.id,
    iid: deployment.iid,
    ref: deployment.ref,
    sha: deployment.sha,
    created_at: apiTime(deployment.createdAt),
    updated_at: apiTime(deployment.updatedAt),
    user: presentUser(world, deployment.user),
    environment: {
      id: environment.id,
      name: environment.name,
      slug: slugOf(environment),
      external_url: environment.externalUrl ?? null,
    },
    deployable: null,
    status: deployment.status,
  };
}

/** An environment as answers show it. */
export function presentEnvironment(environment: Environment): Shown {
  return {
    id: environment.id,
    name: environment.name,
    slug: slugOf(environment),
    description: null,
    external_url: environment.externalUrl ?? null,
    state: 'available',
    tier: tierOf(environment),
    created_at: apiTime(environment.createdAt),
    updated_at: apiTime(environment.updatedAt),
    auto_stop_at: null,
  };
}

/** The body of a Deployment Hook. */
export async function deploymentPayload(
  world: World,
  project: Project,
  deployment: Deployment,
): Promise<Shown> {
  const { environment, sha, user } = deployment;
  const commit = await readCommit(project.directory, sha);
  return {
    object_kind: 'deployment',
    status: deployment.status,
    status_changed_at: hookTime(deployment.updatedAt),
    deployment_id: deployment.id,
    deployable_id: null,
    deployable_url: null,
    environment: environment.name,
    environment_tier: tierOf(environment),
    environment_slug: slugOf(environment),
    environment_external_url: environment.externalUrl ?? null,
    project: projectPayload(world, project),
    short_sha: sha.slice(0, 8),
    user: userPayload(user),
    user_url: `${world.url}/${user.username}`,
    commit_url: `${webUrl(world, project)}/-/commit/${sha}`,
    commit_title: commit.title,
    ref: deployment.ref,
  };
}

function slugOf({ name }: Environment): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
}

/** Guessed from the name, as the instance does. */
function tierOf({ name }: Environment): string {
  return /prod|live/i.test(name) ? 'production' : 'other';
}
