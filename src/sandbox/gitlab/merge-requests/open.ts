import { copyCommit, resolveCommit } from '../../git/bare-repository.ts';
import { mergeBase } from '../../git/history.ts';
import { callHooks } from '../hooks/send.ts';
import { mergeRequestPayload, type MergeRequestEvent } from '../payloads/merge-request.ts';
import { startCi } from '../pipelines/create.ts';
import type { MergeRequest, Project } from '../state.ts';
import type { Act, World } from '../world.ts';
import { recheckMergeability } from './mergeability.ts';

/** What somebody proposes to merge. */
export interface NewMergeRequest {
  readonly sourceProject?: Project;
  readonly source: string;
  /** The default branch, unless named. */
  readonly target?: string;
  readonly title?: string;
  readonly description?: string;
  readonly labels?: readonly string[];
}

/** Opens a merge request: keeps its head at `refs/merge-requests/N/head`, tells the hooks, starts CI. */
export async function openMergeRequest(
  world: World,
  act: Act,
  project: Project,
  wanted: NewMergeRequest,
): Promise<MergeRequest> {
  const sourceProject = wanted.sourceProject ?? project;
  const sha = await resolveCommit(sourceProject.directory, `refs/heads/${wanted.source}`);
  if (sha === undefined) throw new Error(`no branch ${wanted.source} in ${sourceProject.path}`);
  const now = world.now();
  const mergeRequest: MergeRequest = {
    id: world.nextId(),
    iid: project.mergeRequests.length + 1,
    project,
    sourceProject,
    sourceBranch: wanted.source,
    author: act.user,
    createdAt: now,
    notes: [],
    heads: [],
    targetBranch: wanted.target ?? project.settings.defaultBranch,
    title: wanted.title ?? `Merge ${wanted.source}`,
    description: wanted.description ?? '',
    labels: wanted.labels ?? [],
    state: 'opened',
    sha,
    diffRefs: { base: sha, start: sha, head: sha },
    mergeability: 'unchecked',
    mergeCommitSha: undefined,
    squashCommitSha: undefined,
    mergedBy: undefined,
    mergedAt: undefined,
    closedBy: undefined,
    closedAt: undefined,
    updatedAt: now,
    updatedBy: undefined,
  };
  project.mergeRequests.push(mergeRequest);
  await moveHead(world, mergeRequest, sha);
  await tellHooks(world, act, mergeRequest, { action: 'open' });
  startCi(world, act, mergeRequest);
  return mergeRequest;
}

/** Makes a commit the head: its ref, its diff, its mergeability. */
export async function moveHead(world: World, mergeRequest: MergeRequest, sha: string): Promise<void> {
  const { project, sourceProject } = mergeRequest;
  await copyCommit(
    sourceProject.directory,
    project.directory,
    sha,
    `refs/merge-requests/${mergeRequest.iid}/head`,
  );
  const start = (await resolveCommit(project.directory, `refs/heads/${mergeRequest.targetBranch}`)) ?? sha;
  const base = (await mergeBase(project.directory, start, sha)) ?? start;
  mergeRequest.sha = sha;
  mergeRequest.heads.push(sha);
  mergeRequest.diffRefs = { base, start, head: sha };
  recheckMergeability(world, mergeRequest);
}

/** Sends the Merge Request Hook of the project that the merge request belongs to. */
export async function tellHooks(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  event: MergeRequestEvent,
): Promise<void> {
  const payload = (): ReturnType<typeof mergeRequestPayload> =>
    mergeRequestPayload(world, mergeRequest, act.user, event);
  await callHooks(world, mergeRequest.project, {
    event: 'merge_requests',
    trigger: 'Merge Request Hook',
    payload,
    chain: act.chain,
  });
}
