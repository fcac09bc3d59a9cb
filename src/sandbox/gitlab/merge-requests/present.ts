import { mergeRequestUrl } from '../payloads/merge-request.ts';
import { headPipeline, pipelinesOf } from '../pipelines/of-merge-request.ts';
import { presentPipeline } from '../pipelines/routes.ts';
import type { MergeRequest } from '../state.ts';
import { apiTime } from '../times.ts';
import { presentUser } from '../users.ts';
import type { World } from '../world.ts';
import { isDraft } from './draft.ts';
import { detailedMergeStatus } from './mergeability.ts';

/** A merge request inside lists. */
export function presentMergeRequest(
  world: World,
  mergeRequest: MergeRequest,
): Readonly<Record<string, unknown>> {
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    project_id: mergeRequest.project.id,
    title: mergeRequest.title,
    description: mergeRequest.description,
    state: mergeRequest.state,
    created_at: apiTime(mergeRequest.createdAt),
    updated_at: apiTime(mergeRequest.updatedAt),
    merged_by: presentUser(world, mergeRequest.mergedBy),
    merge_user: presentUser(world, mergeRequest.mergedBy),
    merged_at: apiTime(mergeRequest.mergedAt),
    closed_by: presentUser(world, mergeRequest.closedBy),
    closed_at: apiTime(mergeRequest.closedAt),
    target_branch: mergeRequest.targetBranch,
    source_branch: mergeRequest.sourceBranch,
    user_notes_count: mergeRequest.notes.filter((note) => !note.system).length,
    author: presentUser(world, mergeRequest.author),
    assignees: [],
    assignee: null,
    reviewers: [],
    source_project_id: mergeRequest.sourceProject.id,
    target_project_id: mergeRequest.project.id,
    labels: mergeRequest.labels,
    draft: isDraft(mergeRequest),
    work_in_progress: isDraft(mergeRequest),
    merge_when_pipeline_succeeds: false,
    merge_status: mergeRequest.mergeability,
    detailed_merge_status: detailedMergeStatus(mergeRequest),
    sha: mergeRequest.sha,
    merge_commit_sha: mergeRequest.mergeCommitSha ?? null,
    squash_commit_sha: mergeRequest.squashCommitSha ?? null,
    prepared_at: apiTime(mergeRequest.createdAt),
    reference: `!${mergeRequest.iid}`,
    references: {
      short: `!${mergeRequest.iid}`,
      relative: `!${mergeRequest.iid}`,
      full: `${mergeRequest.project.path}!${mergeRequest.iid}`,
    },
    web_url: mergeRequestUrl(world, mergeRequest),
    squash: false,
    has_conflicts: mergeRequest.mergeability === 'cannot_be_merged',
    blocking_discussions_resolved: true,
  };
}

/** One merge request, with what only the single view has. `head_pipeline` may describe an older head. */
export function presentMergeRequestFully(
  world: World,
  mergeRequest: MergeRequest,
): Readonly<Record<string, unknown>> {
  const pipeline = headPipeline(mergeRequest) ?? pipelinesOf(mergeRequest)[0];
  const { base, start, head } = mergeRequest.diffRefs;
  return {
    ...presentMergeRequest(world, mergeRequest),
    diff_refs: { base_sha: base, start_sha: start, head_sha: head },
    head_pipeline: pipeline === undefined ? null : presentPipeline(world, pipeline),
    merge_error: null,
    first_contribution: false,
    changes_count: '1',
    user: { can_merge: true },
  };
}
