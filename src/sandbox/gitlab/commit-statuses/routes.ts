import { requireUser, visibleProject } from '../access.ts';
import { actOf } from '../api/act.ts';
import { created, type Answer, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { choiceParam, integerParam, textParam } from '../api/params.ts';
import { resolveCommit } from '../../git/bare-repository.ts';
import { notFound } from '../refusal.ts';
import type { CommitStatus, Project } from '../state.ts';
import { apiTime } from '../times.ts';
import { presentUser } from '../users.ts';
import type { World } from '../world.ts';
import { postStatus } from './post.ts';

/** Commit statuses: posting and listing. */
export function commitStatusRoutes(world: World): readonly Route[] {
  return [
    { method: 'POST', pattern: '/projects/:id/statuses/:sha', handle: post },
    { method: 'GET', pattern: '/projects/:id/repository/commits/:sha/statuses', handle: list },
  ];

  async function post(call: Call): Promise<Answer> {
    requireUser(call.caller);
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const status = await postStatus(world, actOf(call), project, {
      sha: call.path['sha'] ?? '',
      params: call.params,
    });
    return created(presentStatus(world, status));
  }

  async function list(call: Call): Promise<Answer> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const sha = await resolveCommit(project.directory, call.path['sha'] ?? '');
    if (sha === undefined) throw notFound('Commit');
    const all = textParam(call.params, 'all') === 'true';
    const ref = textParam(call.params, 'ref');
    const name = textParam(call.params, 'name');
    const pipelineId = integerParam(call.params, 'pipeline_id');
    const by = choiceParam(call.params, 'order_by', ['id', 'pipeline_id']) ?? 'id';
    const sort = choiceParam(call.params, 'sort', ['asc', 'desc']) ?? 'asc';
    const wanted = statusesOf(project, sha)
      .filter((status) => all || !status.retried)
      .filter((status) => ref === undefined || status.ref === ref)
      .filter((status) => name === undefined || status.name === name)
      .filter((status) => pipelineId === undefined || status.pipeline.id === pipelineId)
      .toSorted(
        (a, b) =>
          ((by === 'id' ? 0 : a.pipeline.id - b.pipeline.id) || a.id - b.id) * (sort === 'asc' ? 1 : -1),
      );
    const path = `/projects/${project.id}/repository/commits/${sha}/statuses`;
    return paged(world, call, path, wanted, (status) => presentStatus(world, status));
  }
}

/** All posted statuses of a commit, over its pipelines. */
export function statusesOf(project: Project, sha: string): readonly CommitStatus[] {
  return project.pipelines
    .filter((pipeline) => pipeline.sha === sha)
    .flatMap((pipeline) => pipeline.statuses);
}

function presentStatus(world: World, status: CommitStatus): Readonly<Record<string, unknown>> {
  return {
    id: status.id,
    sha: status.pipeline.sha,
    ref: status.ref,
    status: status.status,
    name: status.name,
    target_url: status.targetUrl ?? null,
    description: status.description ?? null,
    created_at: apiTime(status.createdAt),
    started_at: apiTime(status.startedAt),
    finished_at: apiTime(status.finishedAt),
    allow_failure: false,
    coverage: status.coverage ?? null,
    pipeline_id: status.pipeline.id,
    author: presentUser(world, status.user),
  };
}
