import { resolveCommit, setRef, zeroSha } from '../../git/bare-repository.ts';
import { commitTree, mergeTrees } from '../../git/write.ts';
import { requestSuites } from '../checks/suites.ts';
import { tellGroupHooks } from '../payloads/merge-group.ts';
import { tellPullHooks } from '../payloads/pull-request.ts';
import { sendPushHooks } from '../payloads/push.ts';
import type { Repository } from '../state.ts';
import type { MergeGroup, Pull } from '../state-pulls.ts';
import { emailOf } from '../users/present.ts';
import type { Act, World } from '../world.ts';
import { mergeMessage } from '../pulls/merge-message.ts';
import { endGroup, leaveQueue, type DequeueReason } from './leave.ts';

/** Takes a pull request out of the queue; those behind it are built anew. */
export async function dequeue(world: World, act: Act, pull: Pull, reason: DequeueReason): Promise<void> {
  const behind = groupsBehind(pull);
  await leaveQueue(world, act, pull, reason);
  await rebuild(world, act, behind);
}

/** The groups that stand on the one of a pull request. */
export function groupsBehind(pull: Pull): readonly MergeGroup[] {
  const queued = pull.repository.mergeGroups.filter(
    (group) => group.ended === undefined && group.baseRef === pull.baseRef,
  );
  const at = queued.findIndex((group) => group.pull === pull);
  return at < 0 ? [] : queued.slice(at + 1);
}

/** Ends groups as invalidated and builds them anew, in their order; what conflicts now leaves the queue. */
export async function rebuild(world: World, act: Act, groups: readonly MergeGroup[]): Promise<void> {
  for (const group of groups) await endGroup(world, act, group, 'invalidated');
  for (const { pull } of groups) {
    const built = await buildGroup(world, act, pull);
    if (built === undefined)
      await tellPullHooks(world, act, pull, { action: 'dequeued', reason: 'MERGE_CONFLICT' });
  }
}

/** After a push to the base: a queue that does not stand on the new tip is built anew. */
export async function baseMovedUnderQueue(
  world: World,
  act: Act,
  repository: Repository,
  moved: { readonly branch: string; readonly tip: string },
): Promise<void> {
  const queued = repository.mergeGroups.filter(
    (group) => group.ended === undefined && group.baseRef === moved.branch,
  );
  if (queued[0] !== undefined && queued[0].baseSha !== moved.tip) await rebuild(world, act, queued);
}

/** A group stands on the one before it, else on the tip of the base; undefined where it conflicts. */
export async function buildGroup(world: World, act: Act, pull: Pull): Promise<MergeGroup | undefined> {
  const { repository, baseRef } = pull;
  const last = repository.mergeGroups.findLast(
    (entry) => entry.ended === undefined && entry.baseRef === baseRef,
  );
  const tip = await resolveCommit(repository.directory, `refs/heads/${baseRef}`);
  const baseSha = last?.headSha ?? tip ?? zeroSha;
  const tree = await mergeTrees(repository.directory, baseSha, pull.headSha);
  if (tree === undefined) return undefined;
  const author = { name: act.user.name, email: emailOf(act.user), at: world.now() };
  const parents = [baseSha, pull.headSha];
  const message = mergeMessage(pull);
  const headSha = await commitTree(repository.directory, { tree, parents, message, author });
  const branch = `gh-readonly-queue/${baseRef}/pr-${pull.number}-${baseSha}`;
  await setRef(repository.directory, `refs/heads/${branch}`, headSha);
  const group: MergeGroup = {
    id: world.nextId(),
    repository,
    pull,
    branch,
    headSha,
    baseSha,
    baseRef,
    ended: undefined,
  };
  repository.mergeGroups.push(group);
  await sendPushHooks(world, act, repository, [{ ref: `refs/heads/${branch}`, old: zeroSha, new: headSha }]);
  await requestSuites(world, act, repository, { sha: headSha, branch, before: zeroSha });
  await tellGroupHooks(world, act, group, { action: 'checks_requested' });
  return group;
}
