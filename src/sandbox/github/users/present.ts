import type { User } from '../state.ts';
import { nodeId, type World } from '../world.ts';

/** A user as answers and payloads show one inside other things. */
export function presentUser(world: World, user: User): Readonly<Record<string, unknown>>;
export function presentUser(world: World, user: User | undefined): Readonly<Record<string, unknown>> | null;
export function presentUser(world: World, user: User | undefined): Readonly<Record<string, unknown>> | null {
  if (user === undefined) return null;
  const api = `${world.apiUrl}/users/${encodeURIComponent(user.login)}`;
  const page = user.type === 'Bot' ? `apps/${user.login.replace(/\[bot\]$/, '')}` : user.login;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId('U', user.id),
    avatar_url: `${world.url}/avatars/u/${user.id}`,
    gravatar_id: '',
    url: api,
    html_url: `${world.url}/${page}`,
    followers_url: `${api}/followers`,
    following_url: `${api}/following{/other_user}`,
    gists_url: `${api}/gists{/gist_id}`,
    starred_url: `${api}/starred{/owner}{/repo}`,
    subscriptions_url: `${api}/subscriptions`,
    organizations_url: `${api}/orgs`,
    repos_url: `${api}/repos`,
    events_url: `${api}/events{/privacy}`,
    received_events_url: `${api}/received_events`,
    type: user.type,
    user_view_type: 'public',
    site_admin: false,
  };
}

/** The address in commits. */
export function emailOf(user: User): string {
  return `${user.id}+${user.login}@users.noreply.sandbox.invalid`;
}
