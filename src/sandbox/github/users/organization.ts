import type { User } from '../state.ts';
import { nodeId, type World } from '../world.ts';

/** An organisation as payloads name it beside the repository; undefined for a person. */
export function presentOrganization(
  world: World,
  owner: User,
): Readonly<Record<string, unknown>> | undefined {
  if (owner.type !== 'Organization') return undefined;
  const api = `${world.apiUrl}/orgs/${owner.login}`;
  return {
    login: owner.login,
    id: owner.id,
    node_id: nodeId('O', owner.id),
    url: api,
    repos_url: `${api}/repos`,
    events_url: `${api}/events`,
    hooks_url: `${api}/hooks`,
    issues_url: `${api}/issues`,
    members_url: `${api}/members{/member}`,
    public_members_url: `${api}/public_members{/member}`,
    avatar_url: `${world.url}/avatars/u/${owner.id}`,
    description: '',
  };
}
