import { mayPush, visibleProject } from '../access.ts';
import { ok, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { notFound } from '../refusal.ts';
import { readRefs, resolveCommit } from '../../git/bare-repository.ts';
import { isAncestor, readCommit, type CommitInfo } from '../../git/history.ts';
import type { Project } from '../state.ts';
import type { World } from '../world.ts';
import { webUrl } from './present.ts';

/** Branches, their protection, and commits. */
export function branchRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/projects/:id/repository/branches', handle: list },
    { method: 'GET', pattern: '/projects/:id/repository/branches/:branch', handle: show },
    { method: 'GET', pattern: '/projects/:id/protected_branches', handle: listProtected },
    { method: 'GET', pattern: '/projects/:id/repository/commits/:sha', handle: showCommit },
  ];

  async function list(call: Call): Promise<ReturnType<typeof paged>> {
    const project = projectOf(call);
    const search = call.query.get('search') ?? '';
    const refs = [...(await readRefs(project.directory))].filter(([ref]) => ref.startsWith('refs/heads/'));
    const names = refs
      .map(([ref]) => ref.slice('refs/heads/'.length))
      .filter((name) => name.includes(search));
    const branches = await Promise.all(names.map((name) => present(project, name, call)));
    return paged(world, call, `/projects/${project.id}/repository/branches`, branches, (branch) => branch);
  }

  async function show(call: Call): Promise<ReturnType<typeof ok>> {
    return ok(await present(projectOf(call), call.path['branch'] ?? '', call));
  }

  function listProtected(call: Call): ReturnType<typeof paged> {
    const project = projectOf(call);
    const path = `/projects/${project.id}/protected_branches`;
    return paged(world, call, path, [...project.protectedBranches], ([name, level]) => ({
      id: project.id,
      name,
      push_access_levels: [{ id: 1, access_level: level, access_level_description: 'sandbox' }],
      merge_access_levels: [{ id: 2, access_level: level, access_level_description: 'sandbox' }],
      allow_force_push: false,
    }));
  }

  async function showCommit(call: Call): Promise<ReturnType<typeof ok>> {
    const project = projectOf(call);
    const sha = await resolveCommit(project.directory, call.path['sha'] ?? '');
    if (sha === undefined) throw notFound('Commit');
    return ok(presentCommit(world, project, await readCommit(project.directory, sha)));
  }

  function projectOf(call: Call): Project {
    return visibleProject(world, call.path['id'] ?? '', call.caller.user);
  }

  async function present(
    project: Project,
    name: string,
    call: Call,
  ): Promise<Readonly<Record<string, unknown>>> {
    const sha = await resolveCommit(project.directory, `refs/heads/${name}`);
    if (sha === undefined) throw notFound('Branch');
    const { defaultBranch } = project.settings;
    const { user } = call.caller;
    const main = await resolveCommit(project.directory, `refs/heads/${defaultBranch}`);
    return {
      name,
      commit: presentCommit(world, project, await readCommit(project.directory, sha)),
      merged:
        name !== defaultBranch && main !== undefined && (await isAncestor(project.directory, sha, main)),
      protected: project.protectedBranches.has(name),
      developers_can_push: project.protectedBranches.get(name) === 30,
      developers_can_merge: project.protectedBranches.get(name) === 30,
      can_push: user !== undefined && mayPush(project, user, name),
      default: name === defaultBranch,
      web_url: `${webUrl(world, project)}/-/tree/${name}`,
    };
  }
}

function presentCommit(
  world: World,
  project: Project,
  commit: CommitInfo,
): Readonly<Record<string, unknown>> {
  return {
    id: commit.id,
    short_id: commit.id.slice(0, 8),
    created_at: commit.date,
    parent_ids: commit.parents,
    title: commit.title,
    message: commit.message,
    author_name: commit.authorName,
    author_email: commit.authorEmail,
    authored_date: commit.date,
    committer_name: commit.authorName,
    committer_email: commit.authorEmail,
    committed_date: commit.date,
    trailers: {},
    web_url: `${webUrl(world, project)}/-/commit/${commit.id}`,
  };
}
