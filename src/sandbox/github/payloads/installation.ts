import { covers } from '../access.ts';
import { presentInstallation } from '../apps/present.ts';
import { callApp } from '../hooks/send.ts';
import { presentRepositoryBriefly } from '../repositories/present.ts';
import type { Hook, Installation, Repository } from '../state.ts';
import { seconds, time } from '../times.ts';
import { presentOrganization } from '../users/organization.ts';
import { presentUser } from '../users/present.ts';
import type { Act, World } from '../world.ts';

type Shown = Readonly<Record<string, unknown>>;

/** What happened to an installation. */
export type InstallationAction = 'created' | 'deleted' | 'suspend' | 'unsuspend' | 'new_permissions_accepted';

/** Sends `installation`. */
export function tellInstallation(
  world: World,
  act: Act,
  installation: Installation,
  action: InstallationAction,
): void {
  const repositories = world.repositories
    .filter((repository) => covers(installation, repository))
    .map(presentRepositoryBriefly);
  const body = {
    installation: shown(world, installation),
    repositories,
    requester: null,
    sender: presentUser(world, act.user),
  };
  callApp(world, installation, { event: 'installation', action, body });
}

/** Sends `installation_repositories`. */
export function tellRepositories(
  world: World,
  act: Act,
  installation: Installation,
  change: { readonly added: readonly Repository[]; readonly removed: readonly Repository[] },
): void {
  const body = {
    installation: shown(world, installation),
    repository_selection: installation.repositories === undefined ? 'all' : 'selected',
    repositories_added: change.added.map(presentRepositoryBriefly),
    repositories_removed: change.removed.map(presentRepositoryBriefly),
    requester: null,
    sender: presentUser(world, act.user),
  };
  const action = change.added.length > 0 ? 'added' : 'removed';
  callApp(world, installation, { event: 'installation_repositories', action, body });
}

/** In these events the times of an installation are numbers. */
function shown(world: World, installation: Installation): Shown {
  return {
    ...presentInstallation(world, installation),
    created_at: seconds(installation.createdAt),
    updated_at: seconds(installation.updatedAt),
  };
}

/** The body of `ping`, which a new hook gets at once. */
export function pingBody(world: World, act: Act, hook: Hook, repository: Repository | undefined): Shown {
  const isApp = hook.target.type === 'integration';
  return {
    zen: 'Keep it logically awesome.',
    hook_id: hook.id,
    hook: {
      type: isApp ? 'App' : 'Repository',
      id: hook.id,
      name: 'web',
      active: true,
      events: hook.events,
      config: { content_type: hook.contentType, insecure_ssl: '0', secret: '********', url: hook.url },
      updated_at: time(hook.createdAt),
      created_at: time(hook.createdAt),
      ...(isApp ? { app_id: hook.target.id } : { url: `${world.apiUrl}/hooks/${hook.id}` }),
    },
    ...(repository === undefined ? {} : { organization: presentOrganization(world, repository.owner) }),
    sender: presentUser(world, act.user),
  };
}
