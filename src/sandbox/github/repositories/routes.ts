import { readRefs, resolveCommit } from '../../git/bare-repository.ts';
import { tryGit } from '../../git/run.ts';
import { openRepository, roleOf } from '../access.ts';
import { ok, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { commitOf } from '../checks/routes.ts';
import { Refusal, notFound } from '../refusal.ts';
import type { Repository, User } from '../state.ts';
import { nodeId, type World } from '../world.ts';
import { presentUser } from '../users/present.ts';
import { presentBranch, presentCommit } from './commits.ts';
import { presentRepositoryFully } from './present.ts';
import { apiOf } from './urls.ts';

const contents = { any: ['contents'], access: 'read' } as const;
const metadata = { any: ['metadata'], access: 'read' } as const;

/** Repositories, their branches, refs and commits, and who may do what. */
export function repositoryRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/repos/:owner/:repo', handle: show },
    { method: 'GET', pattern: '/repos/:owner/:repo/branches', handle: listBranches },
    { method: 'GET', pattern: '/repos/:owner/:repo/branches/*branch', handle: showBranch },
    { method: 'GET', pattern: '/repos/:owner/:repo/git/ref/*ref', handle: showRef },
    { method: 'GET', pattern: '/repos/:owner/:repo/git/matching-refs/*ref', handle: listMatchingRefs },
    { method: 'GET', pattern: '/repos/:owner/:repo/commits/:ref', handle: showCommit },
    { method: 'GET', pattern: '/repos/:owner/:repo/collaborators/:username', handle: showCollaborator },
    {
      method: 'GET',
      pattern: '/repos/:owner/:repo/collaborators/:username/permission',
      handle: showPermission,
    },
    { method: 'GET', pattern: '/repos/:owner/:repo/rules/branches/*branch', handle: listRules },
  ];

  function show(call: Call): Answer {
    return ok(presentRepositoryFully(world, openRepository(world, call, metadata)));
  }

  async function listBranches(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, contents);
    const heads = [...(await readRefs(repository.directory))].filter(([ref]) =>
      ref.startsWith('refs/heads/'),
    );
    return paged(call, heads, ([ref, sha]) => {
      const name = ref.slice('refs/heads/'.length);
      const commit = { sha, url: `${apiOf(world, repository)}/commits/${sha}` };
      return { name, commit, protected: repository.protection.has(name) };
    });
  }

  async function showBranch(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, contents);
    const name = call.path['branch'] ?? '';
    const sha = await resolveCommit(repository.directory, `refs/heads/${name}`);
    const renamed = repository.renamedBranches.get(name);
    if (sha === undefined && renamed !== undefined) throw movedBranch(call, repository, renamed);
    if (sha === undefined) throw notFound();
    return ok(await presentBranch(world, repository, { name, sha }));
  }

  async function showRef(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, contents);
    const ref = `refs/${call.path['ref']}`;
    const sha = (await readRefs(repository.directory)).get(ref);
    if (sha === undefined) throw notFound();
    return ok(await presentRef(repository, ref, sha));
  }

  /** Every ref that begins like that; none is an empty list. */
  async function listMatchingRefs(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, contents);
    const matching = [...(await readRefs(repository.directory))].filter(([ref]) =>
      ref.startsWith(`refs/${call.path['ref']}`),
    );
    return ok(await Promise.all(matching.map(([ref, sha]) => presentRef(repository, ref, sha))));
  }

  async function presentRef(repository: Repository, ref: string, sha: string) {
    const found = await tryGit(repository.directory, ['cat-file', '-t', sha]);
    const type = found.stdout.trim();
    const api = apiOf(world, repository);
    const object = { sha, type, url: `${api}/git/${type}s/${sha}` };
    return { ref, node_id: nodeId('REF', `${repository.id}:${ref}`), url: `${api}/git/${ref}`, object };
  }

  async function showCommit(call: Call): Promise<Answer> {
    const repository = openRepository(world, call, contents);
    const sha = await commitOf(repository, call.path['ref'] ?? '');
    return ok({ ...(await presentCommit(world, repository, sha)), files: [] });
  }

  function showPermission(call: Call): Answer {
    const repository = openRepository(world, call, metadata);
    return ok(presentPermission(world, repository, userOf(call)));
  }

  /** 204 for somebody who was added, 404 for everybody else. */
  function showCollaborator(call: Call): Answer {
    const repository = openRepository(world, call, metadata);
    if (!repository.collaborators.has(userOf(call).id)) throw notFound();
    return { status: 204 };
  }

  function userOf(call: Call): User {
    const wanted = call.path['username']?.toLowerCase();
    const user = world.users.find((entry) => entry.login.toLowerCase() === wanted);
    if (user === undefined) throw notFound();
    return user;
  }

  /** What the branch asks for: the required checks, as a rule of a ruleset. */
  function listRules(call: Call): Answer {
    const repository = openRepository(world, call, metadata);
    const protection = repository.protection.get(call.path['branch'] ?? '');
    const checks = (protection?.requiredChecks ?? []).map((check) => ({
      context: check.context,
      ...(check.app === undefined ? {} : { integration_id: check.app.id }),
    }));
    const parameters = { required_status_checks: checks, strict_required_status_checks_policy: false };
    return ok(checks.length === 0 ? [] : [{ type: 'required_status_checks', parameters }]);
  }
}

/** A branch that was renamed is found at its new name. */
function movedBranch(call: Call, repository: Repository, name: string): Refusal {
  const url = `${call.base}/repositories/${repository.id}/branches/${name}`;
  return new Refusal(301, { message: 'Moved Permanently', url }, { location: url });
}

/** `permission` knows four values: maintain counts as write, triage as read. */
const legacy = {
  admin: 'admin',
  maintain: 'write',
  write: 'write',
  triage: 'read',
  read: 'read',
  none: 'none',
} as const;

function presentPermission(
  world: World,
  repository: Repository,
  user: User,
): Readonly<Record<string, unknown>> {
  const role = roleOf(repository, user);
  const rank = ['read', 'triage', 'write', 'maintain', 'admin'];
  const names = ['pull', 'triage', 'push', 'maintain', 'admin'];
  const may = names.map((name, index) => [name, rank.indexOf(role) >= index]);
  return {
    permission: legacy[role],
    role_name: role,
    user: { ...presentUser(world, user), permissions: Object.fromEntries(may), role_name: role },
  };
}
