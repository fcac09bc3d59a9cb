import { resolveCommit } from '../../git/bare-repository.ts';
import { startCi } from '../pipelines/create.ts';
import type { MergeRequest } from '../state.ts';
import type { Act, World } from '../world.ts';
import { isDraft } from './draft.ts';
import { moveHead, tellHooks } from './open.ts';

/** What may be edited. */
export interface MergeRequestEdit {
  readonly title?: string;
  readonly description?: string;
  readonly labels?: readonly string[];
  readonly target?: string;
}

/** A push to the source branch: a new head, a system note, an update with `oldrev`. */
export async function pushToMergeRequest(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  sha: string,
): Promise<void> {
  const oldrev = mergeRequest.sha;
  if (oldrev === sha) return;
  await moveHead(world, mergeRequest, sha);
  touch(world, act, mergeRequest);
  const now = world.now();
  const body = `added commit ${sha.slice(0, 8)}`;
  mergeRequest.notes.push({
    id: world.nextId(),
    author: act.user,
    system: true,
    createdAt: now,
    updatedAt: now,
    awards: [],
    body,
  });
  await tellHooks(world, act, mergeRequest, { action: 'update', oldrev });
  startCi(world, act, mergeRequest);
}

/** An edit of title, description, labels or target: an update without `oldrev`, with what changed. */
export async function editMergeRequest(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  edit: MergeRequestEdit,
): Promise<void> {
  const before = shown(mergeRequest);
  mergeRequest.title = edit.title ?? mergeRequest.title;
  mergeRequest.description = edit.description ?? mergeRequest.description;
  mergeRequest.labels = edit.labels ?? mergeRequest.labels;
  if (edit.target !== undefined && edit.target !== mergeRequest.targetBranch) {
    mergeRequest.targetBranch = edit.target;
    await moveHead(world, mergeRequest, mergeRequest.sha);
  }
  touch(world, act, mergeRequest);
  const changed = Object.entries(shown(mergeRequest)).filter(([name, value]) => before[name] !== value);
  const changes = Object.fromEntries(
    changed.map(([name, current]) => [name, { previous: before[name], current }]),
  );
  await tellHooks(world, act, mergeRequest, { action: 'update', changes });
}

/** Closes without merging. */
export async function closeMergeRequest(world: World, act: Act, mergeRequest: MergeRequest): Promise<void> {
  mergeRequest.state = 'closed';
  mergeRequest.closedAt = world.now();
  mergeRequest.closedBy = act.user;
  touch(world, act, mergeRequest);
  await tellHooks(world, act, mergeRequest, { action: 'close' });
}

/** Opens again, with whatever the branch holds now. */
export async function reopenMergeRequest(world: World, act: Act, mergeRequest: MergeRequest): Promise<void> {
  mergeRequest.state = 'opened';
  mergeRequest.closedAt = undefined;
  mergeRequest.closedBy = undefined;
  const tip = await resolveCommit(
    mergeRequest.sourceProject.directory,
    `refs/heads/${mergeRequest.sourceBranch}`,
  );
  if (tip !== undefined && tip !== mergeRequest.sha) await moveHead(world, mergeRequest, tip);
  touch(world, act, mergeRequest);
  await tellHooks(world, act, mergeRequest, { action: 'reopen' });
}

function touch(world: World, act: Act, mergeRequest: MergeRequest): void {
  mergeRequest.updatedAt = world.now();
  mergeRequest.updatedBy = act.user;
}

function shown(mergeRequest: MergeRequest): Readonly<Record<string, unknown>> {
  const { title, description, labels } = mergeRequest;
  return {
    title,
    description,
    labels,
    target_branch: mergeRequest.targetBranch,
    draft: isDraft(mergeRequest),
  };
}
