import { readCommit } from '../../git/history.ts';
import { detailedMergeStatus } from '../merge-requests/mergeability.ts';
import { projectPayload, webUrl } from '../projects/present.ts';
import type { MergeRequest, Pipeline } from '../state.ts';
import { hookTime } from '../times.ts';
import type { World } from '../world.ts';
import { mergeRequestUrl, userPayload } from './merge-request.ts';
import { shortCommit } from './push.ts';

/** The body of a Pipeline Hook. Posted statuses are no builds, so external pipelines have none. */
export async function pipelinePayload(
  world: World,
  pipeline: Pipeline,
): Promise<Readonly<Record<string, unknown>>> {
  const { project, mergeRequest } = pipeline;
  const finished = ['success', 'failed', 'canceled', 'skipped'].includes(pipeline.status);
  return {
    object_kind: 'pipeline',
    object_attributes: {
      id: pipeline.id,
      iid: pipeline.iid,
      name: null,
      ref: pipeline.ref,
      tag: false,
      sha: pipeline.sha,
      before_sha: '0'.repeat(40),
      source: pipeline.source,
      status: pipeline.status,
      detailed_status: pipeline.status === 'success' ? 'passed' : pipeline.status,
      stages: [
        ...(pipeline.ciStatus === undefined ? [] : ['test']),
        ...(pipeline.statuses.length > 0 ? ['external'] : []),
      ],
      created_at: hookTime(pipeline.createdAt),
      finished_at: finished ? hookTime(pipeline.updatedAt) : null,
      duration: finished ? 1 : null,
      queued_duration: null,
      variables: [],
      url: `${webUrl(world, project)}/-/pipelines/${pipeline.id}`,
    },
    merge_request: mergeRequest === undefined ? null : mergeRequestPart(world, mergeRequest),
    user: userPayload(pipeline.user),
    project: projectPayload(world, project),
    commit: shortCommit(world, project, await readCommit(project.directory, pipeline.sha)),
    builds: pipeline.ciStatus === undefined ? [] : [buildPart(pipeline)],
  };
}

function mergeRequestPart(world: World, mergeRequest: MergeRequest): Readonly<Record<string, unknown>> {
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    title: mergeRequest.title,
    source_branch: mergeRequest.sourceBranch,
    source_project_id: mergeRequest.sourceProject.id,
    target_branch: mergeRequest.targetBranch,
    target_project_id: mergeRequest.project.id,
    state: mergeRequest.state,
    merge_status: mergeRequest.mergeability,
    detailed_merge_status: detailedMergeStatus(mergeRequest),
    url: mergeRequestUrl(world, mergeRequest),
  };
}

function buildPart(pipeline: Pipeline): Readonly<Record<string, unknown>> {
  return {
    id: pipeline.id * 10,
    stage: 'test',
    name: 'test',
    status: pipeline.ciStatus,
    created_at: hookTime(pipeline.createdAt),
    started_at: null,
    finished_at: null,
    duration: null,
    queued_duration: null,
    failure_reason: null,
    when: 'on_success',
    manual: false,
    allow_failure: false,
    user: userPayload(pipeline.user),
    runner: null,
    artifacts_file: { filename: null, size: null },
    environment: null,
  };
}
