import { visibleMergeRequest, visibleProject } from '../access.ts';
import { ok, type Call, type Route } from '../api/call.ts';
import { paged } from '../api/paging.ts';
import { webUrl } from '../projects/present.ts';
import { notFound } from '../refusal.ts';
import type { Pipeline } from '../state.ts';
import { apiTime } from '../times.ts';
import { presentUser } from '../users.ts';
import type { World } from '../world.ts';
import { pipelinesOf } from './of-merge-request.ts';

/** Pipelines of a project, of a merge request, and one. */
export function pipelineRoutes(world: World): readonly Route[] {
  return [
    { method: 'GET', pattern: '/projects/:id/pipelines', handle: list },
    { method: 'GET', pattern: '/projects/:id/pipelines/:pipeline_id', handle: show },
    { method: 'GET', pattern: '/projects/:id/merge_requests/:iid/pipelines', handle: listOfMergeRequest },
  ];

  function list(call: Call): ReturnType<typeof paged> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const fields = ['sha', 'ref', 'source', 'status'] as const;
    const wanted = project.pipelines.filter((pipeline) =>
      fields.every((field) => !call.query.has(field) || call.query.get(field) === pipeline[field]),
    );
    return paged(world, call, `/projects/${project.id}/pipelines`, wanted.toReversed(), (entry) =>
      presentPipeline(world, entry),
    );
  }

  function show(call: Call): ReturnType<typeof ok> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const found = project.pipelines.find((pipeline) => String(pipeline.id) === call.path['pipeline_id']);
    if (found === undefined) throw notFound('Pipeline');
    return ok({
      ...presentPipeline(world, found),
      user: presentUser(world, found.user),
      tag: false,
      yaml_errors: null,
      coverage: null,
    });
  }

  function listOfMergeRequest(call: Call): ReturnType<typeof paged> {
    const project = visibleProject(world, call.path['id'] ?? '', call.caller.user);
    const mergeRequest = visibleMergeRequest(project, call.path['iid'] ?? '');
    const path = `/projects/${project.id}/merge_requests/${mergeRequest.iid}/pipelines`;
    return paged(world, call, path, pipelinesOf(mergeRequest), (entry) => presentPipeline(world, entry));
  }
}

/** A pipeline inside lists and merge requests. */
export function presentPipeline(world: World, pipeline: Pipeline): Readonly<Record<string, unknown>> {
  return {
    id: pipeline.id,
    iid: pipeline.iid,
    project_id: pipeline.project.id,
    sha: pipeline.sha,
    ref: pipeline.ref,
    status: pipeline.status,
    source: pipeline.source,
    created_at: apiTime(pipeline.createdAt),
    updated_at: apiTime(pipeline.updatedAt),
    web_url: `${webUrl(world, pipeline.project)}/-/pipelines/${pipeline.id}`,
  };
}
