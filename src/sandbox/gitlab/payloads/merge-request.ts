import { readCommit } from '../../git/history.ts';
import { isDraft } from '../merge-requests/draft.ts';
import { detailedMergeStatus } from '../merge-requests/mergeability.ts';
import { headPipeline } from '../pipelines/of-merge-request.ts';
import { projectPayload, repositoryPayload, webUrl } from '../projects/present.ts';
import type { MergeRequest, User } from '../state.ts';
import { hookTime } from '../times.ts';
import type { World } from '../world.ts';
import { shortCommit } from './push.ts';

/** What happened to a merge request, as its hook says it. */
export interface MergeRequestEvent {
  readonly action: 'open' | 'update' | 'close' | 'reopen' | 'merge';
  /** The head before; only for updates that bring commits. */
  readonly oldrev?: string;
  readonly changes?: Readonly<Record<string, { readonly previous: unknown; readonly current: unknown }>>;
}

const stateIds = { opened: 1, closed: 2, merged: 3 } as const;

/** Where a merge request's page is. */
export function mergeRequestUrl(world: World, mergeRequest: MergeRequest): string {
  return `${webUrl(world, mergeRequest.project)}/-/merge_requests/${mergeRequest.iid}`;
}

/** The body of a Merge Request Hook. */
export async function mergeRequestPayload(
  world: World,
  mergeRequest: MergeRequest,
  user: User,
  event: MergeRequestEvent,
): Promise<Readonly<Record<string, unknown>>> {
  const { action, oldrev } = event;
  return {
    object_kind: 'merge_request',
    event_type: 'merge_request',
    user: userPayload(user),
    project: projectPayload(world, mergeRequest.project),
    object_attributes: {
      ...(await mergeRequestAttributes(world, mergeRequest)),
      action,
      actioned_at: hookTime(mergeRequest.updatedAt),
      ...(oldrev === undefined ? {} : { oldrev }),
      system: false,
    },
    labels: labelPayloads(mergeRequest),
    changes: event.changes ?? {},
    repository: repositoryPayload(world, mergeRequest.project),
  };
}

/** The merge request itself, as merge request and note hooks carry it. */
export async function mergeRequestAttributes(
  world: World,
  mergeRequest: MergeRequest,
): Promise<Readonly<Record<string, unknown>>> {
  const { project, sourceProject } = mergeRequest;
  const commit = await readCommit(project.directory, mergeRequest.sha);
  return {
    id: mergeRequest.id,
    iid: mergeRequest.iid,
    title: mergeRequest.title,
    description: mergeRequest.description,
    state: mergeRequest.state,
    state_id: stateIds[mergeRequest.state],
    source_branch: mergeRequest.sourceBranch,
    source_project_id: sourceProject.id,
    source: projectPayload(world, sourceProject),
    target_branch: mergeRequest.targetBranch,
    target_branch_protected: project.protectedBranches.has(mergeRequest.targetBranch),
    target_project_id: project.id,
    target: projectPayload(world, project),
    last_commit: shortCommit(world, sourceProject, commit),
    author_id: mergeRequest.author.id,
    assignee_id: null,
    assignee_ids: [],
    reviewer_ids: [],
    updated_by_id: mergeRequest.updatedBy?.id ?? null,
    created_at: hookTime(mergeRequest.createdAt),
    updated_at: hookTime(mergeRequest.updatedAt),
    merged_at: hookTime(mergeRequest.mergedAt),
    prepared_at: hookTime(mergeRequest.createdAt),
    draft: isDraft(mergeRequest),
    work_in_progress: isDraft(mergeRequest),
    labels: labelPayloads(mergeRequest),
    merge_commit_sha: mergeRequest.mergeCommitSha ?? null,
    squash_commit_sha: mergeRequest.squashCommitSha ?? null,
    merge_user_id: mergeRequest.mergedBy?.id ?? null,
    merge_params: { force_remove_source_branch: '0' },
    merge_when_pipeline_succeeds: false,
    merge_status: mergeRequest.mergeability,
    detailed_merge_status: detailedMergeStatus(mergeRequest),
    head_pipeline_id: headPipeline(mergeRequest)?.id ?? null,
    blocking_discussions_resolved: true,
    url: mergeRequestUrl(world, mergeRequest),
  };
}

/** A user as hooks show one; addresses are redacted. */
export function userPayload(user: User): Readonly<Record<string, unknown>> {
  return { id: user.id, name: user.name, username: user.username, avatar_url: null, email: '[REDACTED]' };
}

function labelPayloads(mergeRequest: MergeRequest): readonly Readonly<Record<string, unknown>>[] {
  return mergeRequest.labels.map((title, index) => ({
    id: index + 1,
    title,
    color: '#009966',
    project_id: mergeRequest.project.id,
    template: false,
    description: null,
    type: 'ProjectLabel',
    group_id: null,
  }));
}
