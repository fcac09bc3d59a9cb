import { requireUser } from './access.ts';
import { ok, type Route } from './api/call.ts';
import { notFound } from './refusal.ts';
import type { User } from './state.ts';
import type { World } from './world.ts';

/** A user as API answers show one inside other things. */
export function presentUser(world: World, user: User): Readonly<Record<string, unknown>>;
export function presentUser(world: World, user: User | undefined): Readonly<Record<string, unknown>> | null;
export function presentUser(world: World, user: User | undefined): Readonly<Record<string, unknown>> | null {
  if (user === undefined) return null;
  return {
    id: user.id,
    username: user.username,
    public_email: '',
    name: user.name,
    state: user.state,
    locked: false,
    avatar_url: null,
    web_url: `${world.url}/${user.username}`,
  };
}

/** Users, tokens and the instance itself. */
export function userRoutes(world: World): readonly Route[] {
  const instance = { version: world.version, revision: '0000000' };
  return [
    {
      method: 'GET',
      pattern: '/user',
      handle: (call) =>
        ok({ ...presentUser(world, requireUser(call.caller)), bot: requireUser(call.caller).bot }),
    },
    { method: 'GET', pattern: '/users', handle: (call) => ok(usersNamed(call.query.get('username'))) },
    { method: 'GET', pattern: '/users/:id', handle: (call) => ok(showUser(call.path['id'] ?? '')) },
    { method: 'GET', pattern: '/version', handle: (call) => requireUser(call.caller) && ok(instance) },
    {
      method: 'GET',
      pattern: '/metadata',
      handle: (call) => requireUser(call.caller) && ok({ ...instance, enterprise: true }),
    },
    {
      method: 'GET',
      pattern: '/personal_access_tokens/self',
      handle: (call) => {
        const user = requireUser(call.caller);
        return ok({
          id: user.id,
          name: 'sandbox',
          revoked: false,
          active: true,
          user_id: user.id,
          scopes: call.caller.scopes,
          expires_at: null,
        });
      },
    },
  ];

  /** User names have no case. */
  function usersNamed(username: string | null): readonly Readonly<Record<string, unknown>>[] {
    return world.users
      .filter((user) => username === null || user.username.toLowerCase() === username.toLowerCase())
      .map((user) => presentUser(world, user));
  }

  function showUser(id: string): Readonly<Record<string, unknown>> {
    const user = world.users.find((candidate) => String(candidate.id) === id);
    if (user === undefined) throw notFound('User');
    return { ...presentUser(world, user), bot: user.bot };
  }
}
