import { levelOf, visibleMergeRequest, visibleProject } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, ok, type Call, type Json, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, requiredText, textParam } from '../api/params.ts';
import { resolveCommit } from '../../git/bare-repository.ts';
import { badParameter, forbidden, notFound } from '../refusal.ts';
import type { MergeRequest } from '../state.ts';
import type { World } from '../world.ts';
import { openMergeRequest } from './open.ts';
import { presentMergeRequest, presentMergeRequestFully } from './present.ts';

/** Merge requests: the list with its usual filters, one, those of a commit, and opening one within a project. */
export function mergeRequestRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/projects/:id/merge_requests', handle: list },
    { method: 'POST', pattern: '/projects/:id/merge_requests', handle: create },
    { method: 'GET', pattern: '/projects/:id/merge_requests/:iid', handle: show },
    { method: 'GET', pattern: '/projects/:id/repository/commits/:sha/merge_requests', handle: listOfCommit },
  ];

  function list(call: Call): ReturnType<typeof paged> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const wanted = project.mergeRequests.filter((mergeRequest) => isWanted(mergeRequest, call.params));
    const by =
      choiceParam(call.params, 'order_by', ['created_at', 'updated_at', 'merged_at', 'title']) ??
      'created_at';
    const sort = choiceParam(call.params, 'sort', ['asc', 'desc']) ?? 'desc';
    const sorted = wanted.toSorted((one, other) => compare(one, other, by) * (sort === 'asc' ? 1 : -1));
    return paged(world, call, `/projects/${project.id}/merge_requests`, sorted, (entry) =>
      presentMergeRequest(world, entry),
    );
  }

  async function create(call: Call): Promise<ReturnType<typeof ok>> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    if ((levelOf(project, call.caller.user) ?? 0) < 30) throw forbidden();
    const source = requiredText(call.params, 'source_branch');
    const target = requiredText(call.params, 'target_branch');
    const title = requiredText(call.params, 'title');
    for (const branch of [source, target]) {
      const tip = await resolveCommit(project.directory, `refs/heads/${branch}`);
      if (tip === undefined) throw badParameter(`there is no branch ${branch}`);
    }
    const opened = await openMergeRequest(world, actOf(call), project, { source, target, title });
    return created(presentMergeRequestFully(world, opened));
  }

  function show(call: Call): ReturnType<typeof ok> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const mergeRequest = visibleMergeRequest(project, call.path['iid'] ?? '');
    const level = levelOf(project, call.caller.user) ?? 0;
    return ok({ ...presentMergeRequestFully(world, mergeRequest), user: { can_merge: level >= 30 } });
  }

  async function listOfCommit(call: Call): Promise<ReturnType<typeof paged>> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const sha = await resolveCommit(project.directory, call.path['sha'] ?? '');
    if (sha === undefined) throw notFound('Commit');
    const touching = project.mergeRequests.filter((entry) =>
      [...entry.heads, entry.mergeCommitSha, entry.squashCommitSha].includes(sha),
    );
    const path = `/projects/${project.id}/repository/commits/${sha}/merge_requests`;
    return paged(world, call, path, touching, (entry) => presentMergeRequest(world, entry));
  }
}

function isWanted(mergeRequest: MergeRequest, params: Json): boolean {
  const state = choiceParam(params, 'state', ['opened', 'closed', 'locked', 'merged', 'all']) ?? 'all';
  const source = textParam(params, 'source_branch');
  const target = textParam(params, 'target_branch');
  const author = textParam(params, 'author_username');
  return (
    (state === 'all' || mergeRequest.state === state) &&
    (source === undefined || mergeRequest.sourceBranch === source) &&
    (target === undefined || mergeRequest.targetBranch === target) &&
    (author === undefined || mergeRequest.author.username === author) &&
    isAfter(mergeRequest.updatedAt, textParam(params, 'updated_after'), 'updated_after') &&
    isAfter(mergeRequest.createdAt, textParam(params, 'created_after'), 'created_after')
  );
}

function isAfter(at: Date, text: string | undefined, name: string): boolean {
  if (text === undefined) return true;
  const limit = Date.parse(text);
  if (Number.isNaN(limit)) throw badParameter(`${name} is invalid`);
  return at.getTime() >= limit;
}

function compare(
  one: MergeRequest,
  other: MergeRequest,
  by: 'created_at' | 'updated_at' | 'merged_at' | 'title',
): number {
  if (by === 'title') return one.title.localeCompare(other.title) || one.id - other.id;
  const key = { created_at: 'createdAt', updated_at: 'updatedAt', merged_at: 'mergedAt' } as const;
  return (one[key[by]]?.getTime() ?? 0) - (other[key[by]]?.getTime() ?? 0) || one.id - other.id;
}
