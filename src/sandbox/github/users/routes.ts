import { ok, type Answer, type Call, type Route } from '../api/call.ts';
import { limitsOf } from '../api/limits.ts';
import { Refusal, forbidden, notFound } from '../refusal.ts';
import type { User } from '../state.ts';
import { time } from '../times.ts';
import type { World } from '../world.ts';
import { presentUser } from './present.ts';

/** Users and the instance itself. */
export function userRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/user', handle: showSelf },
    { method: 'GET', pattern: '/users/:username', handle: showUser },
    { method: 'GET', pattern: '/meta', handle: () => ok(meta()) },
    { method: 'GET', pattern: '/rate_limit', handle: showLimits },
  ];

  function showSelf(call: Call): Answer {
    if (call.caller.kind === 'installation') throw forbidden('Resource not accessible by integration');
    if (call.caller.kind !== 'personal') throw new Refusal(401, { message: 'Requires authentication' });
    return ok(fully(call.caller.token.user));
  }

  function showUser(call: Call): Answer {
    const wanted = call.path['username']?.toLowerCase();
    const user = world.users.find((entry) => entry.login.toLowerCase() === wanted);
    if (user === undefined) throw notFound();
    return ok(fully(user));
  }

  function showLimits(call: Call): Answer {
    const core = limitsOf(world, call.caller);
    if (core === undefined) throw new Refusal(404, { message: 'Rate limiting is not enabled.' });
    const { resource: _resource, ...rate } = core;
    return ok({ resources: { core: rate, search: { ...rate, limit: 30, remaining: 30, used: 0 } }, rate });
  }

  function meta(): Readonly<Record<string, unknown>> {
    const version = world.enterprise === undefined ? {} : { installed_version: world.enterprise };
    return { verifiable_password_authentication: false, ...version };
  }

  function fully(user: User): Readonly<Record<string, unknown>> {
    const texts = { company: null, blog: '', location: null, email: null, hireable: null, bio: null };
    return {
      ...presentUser(world, user),
      name: user.name,
      ...texts,
      public_repos: 0,
      public_gists: 0,
      followers: 0,
      following: 0,
      created_at: time(user.createdAt),
      updated_at: time(user.createdAt),
    };
  }
}
