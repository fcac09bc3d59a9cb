import type { App, Installation } from '../state.ts';
import { time } from '../times.ts';
import { presentUser } from '../users/present.ts';
import { nodeId, type World } from '../world.ts';

/** An App as answers and payloads show it. */
export function presentApp(world: World, app: App): Readonly<Record<string, unknown>> {
  return {
    id: app.id,
    slug: app.slug,
    node_id: nodeId('A', app.id),
    client_id: app.clientId,
    owner: presentUser(world, app.owner),
    name: app.name,
    description: '',
    external_url: `${world.url}/apps/${app.slug}`,
    html_url: `${world.url}/apps/${app.slug}`,
    created_at: time(app.createdAt),
    updated_at: time(app.createdAt),
    permissions: { metadata: 'read', ...app.permissions },
    events: app.events,
  };
}

/** An installation as answers show it. */
export function presentInstallation(
  world: World,
  installation: Installation,
): Readonly<Record<string, unknown>> {
  const { account, app } = installation;
  return {
    id: installation.id,
    client_id: app.clientId,
    account: presentUser(world, account),
    repository_selection: installation.repositories === undefined ? 'all' : 'selected',
    access_tokens_url: `${world.apiUrl}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${world.apiUrl}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: account.id,
    target_type: account.type,
    permissions: { metadata: 'read', ...installation.permissions },
    events: installation.events,
    created_at: time(installation.createdAt),
    updated_at: time(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: presentUser(world, installation.suspendedBy),
    suspended_at: time(installation.suspendedAt),
  };
}
