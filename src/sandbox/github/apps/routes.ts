import { covers, requireApp, tokenCovers } from '../access.ts';
import { created, ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { forbidden, notFound } from '../refusal.ts';
import { findRepository } from '../repositories/find.ts';
import { presentRepository } from '../repositories/present.ts';
import type { Installation } from '../state.ts';
import { time } from '../times.ts';
import type { World } from '../world.ts';
import { presentApp, presentInstallation } from './present.ts';
import { mintToken } from './tokens.ts';

/** The App, its installations and their tokens. */
export function appRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/app', handle: showApp },
    { method: 'GET', pattern: '/app/installations', handle: listInstallations },
    { method: 'GET', pattern: '/app/installations/:id', handle: showInstallation },
    { method: 'POST', pattern: '/app/installations/:id/access_tokens', handle: createToken },
    { method: 'GET', pattern: '/repos/:owner/:repo/installation', handle: showInstallationOf },
    { method: 'GET', pattern: '/installation/repositories', handle: listRepositories },
    { method: 'DELETE', pattern: '/installation/token', handle: revokeToken },
  ];

  function showApp(call: Call): Answer {
    const app = requireApp(call);
    return ok({ ...presentApp(world, app), installations_count: app.installations.length });
  }

  function listInstallations(call: Call): Answer {
    return paged(call, requireApp(call).installations, (entry) => presentInstallation(world, entry));
  }

  function showInstallation(call: Call): Answer {
    return ok(presentInstallation(world, installationOf(call)));
  }

  function createToken(call: Call): Answer {
    const token = mintToken(world, installationOf(call), call.params);
    const narrowed = token.repositories && {
      repositories: [...token.repositories].map((repository) => presentRepository(world, repository)),
    };
    const whole = token.installation.repositories === undefined && token.repositories === undefined;
    return created({
      token: token.value,
      expires_at: time(token.expiresAt),
      permissions: token.permissions,
      repository_selection: whole ? 'all' : 'selected',
      ...narrowed,
    });
  }

  function showInstallationOf(call: Call): Answer {
    const app = requireApp(call);
    const repository = findRepository(world, `${call.path['owner']}/${call.path['repo']}`);
    const found = repository && app.installations.find((entry) => covers(entry, repository));
    if (found === undefined) throw notFound();
    return ok(presentInstallation(world, found));
  }

  function listRepositories(call: Call): Answer {
    const token = tokenOf(call);
    const reached = world.repositories.filter((repository) => tokenCovers(token, repository));
    const whole = token.installation.repositories === undefined && token.repositories === undefined;
    return paged(
      call,
      reached,
      (repository) => presentRepository(world, repository),
      (repositories, total) => ({
        total_count: total,
        repository_selection: whole ? 'all' : 'selected',
        repositories,
      }),
    );
  }

  function revokeToken(call: Call): Answer {
    tokenOf(call).revoked = true;
    return { status: 204 };
  }

  function installationOf(call: Call): Installation {
    const found = requireApp(call).installations.find((entry) => String(entry.id) === call.path['id']);
    if (found === undefined) throw notFound();
    return found;
  }
}

function tokenOf(call: Call): Extract<Call['caller'], { kind: 'installation' }>['token'] {
  if (call.caller.kind === 'installation') return call.caller.token;
  throw forbidden('You must authenticate with an installation access token in order to use this endpoint.');
}
