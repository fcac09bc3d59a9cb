import { resolveCommit, setRef, zeroSha } from '../../git/bare-repository.ts';
import { commitTree, mergeTrees } from '../../git/write.ts';
import { requestSuites } from '../checks/suites.ts';
import { tellGroupHooks } from '../payloads/merge-group.ts';
import { tellPullHooks } from '../payloads/pull-request.ts';
import { sendPushHooks } from '../payloads/push.ts';
import { protectionOf } from '../protection.ts';
import { finishMerge } from '../pulls/finish-merge.ts';
import { mergeMessage } from '../pulls/merge.ts';
import { refsChanged } from '../refs-changed.ts';
import type { MergeGroup, Pull } from '../state-pulls.ts';
import { emailOf } from '../users/present.ts';
import type { Act, World } from '../world.ts';
import { endGroup, groupOf, leaveQueue, type DequeueReason } from './leave.ts';

/** Puts a pull request at the end of the queue: a branch with the merge, `enqueued`, `checks_requested`. */
export async function enqueue(world: World, act: Act, pull: Pull): Promise<MergeGroup> {
  if (pull.state === 'closed' || groupOf(pull) !== undefined) throw new Error('cannot be queued');
  await tellPullHooks(world, act, pull, { action: 'enqueued' });
  return buildGroup(world, act, pull);
}

/** Takes a pull request out of the queue; those behind it are built anew. */
export async function dequeue(world: World, act: Act, pull: Pull, reason: DequeueReason): Promise<void> {
  const behind = groupsBehind(pull);
  await leaveQueue(world, act, pull, reason);
  await rebuild(world, act, behind);
}

/** Builds a group and those behind it anew, as when the base was pushed to. Returns the new one. */
export async function invalidate(world: World, act: Act, group: MergeGroup): Promise<MergeGroup> {
  const behind = groupsBehind(group.pull);
  await endGroup(world, act, group, 'invalidated');
  const fresh = await buildGroup(world, act, group.pull);
  await rebuild(world, act, behind);
  return fresh;
}

/** Merges a group that is at the front. @throws Error naming a required check that is not green, unless forced. */
export async function mergeGroup(
  world: World,
  act: Act,
  group: MergeGroup,
  how: { readonly force?: boolean } = {},
): Promise<string> {
  const { repository, pull, headSha } = group;
  const missing = protectionOf(repository, group.baseRef, headSha).find((check) => check.state !== 'passing');
  if (missing !== undefined && how.force !== true)
    throw new Error(`not mergeable: required: ${missing.context} is ${missing.state}`);
  const ref = `refs/heads/${group.baseRef}`;
  await world.serial.run(repository.directory, async () => {
    const old = (await resolveCommit(repository.directory, ref)) ?? zeroSha;
    if (old !== group.baseSha) throw new Error('not mergeable: the base has moved');
    await setRef(repository.directory, ref, headSha);
    await endGroup(world, act, group, 'merged');
    await finishMerge(world, act, pull, headSha);
    await refsChanged(world, act, repository, [{ ref, old, new: headSha }]);
  });
  await tellPullHooks(world, act, pull, { action: 'dequeued', reason: 'MERGE' });
  return headSha;
}

function groupsBehind(pull: Pull): readonly MergeGroup[] {
  const queued = pull.repository.mergeGroups.filter(
    (group) => group.ended === undefined && group.baseRef === pull.baseRef,
  );
  const at = queued.findIndex((group) => group.pull === pull);
  return at < 0 ? [] : queued.slice(at + 1);
}

async function rebuild(world: World, act: Act, groups: readonly MergeGroup[]): Promise<void> {
  for (const group of groups) await endGroup(world, act, group, 'invalidated');
  for (const group of groups) await buildGroup(world, act, group.pull);
}

/** A group stands on the one before it, else on the tip of the base. */
async function buildGroup(world: World, act: Act, pull: Pull): Promise<MergeGroup> {
  const { repository, baseRef } = pull;
  const last = repository.mergeGroups.findLast(
    (entry) => entry.ended === undefined && entry.baseRef === baseRef,
  );
  const tip = await resolveCommit(repository.directory, `refs/heads/${baseRef}`);
  const baseSha = last?.headSha ?? tip ?? zeroSha;
  const tree = await mergeTrees(repository.directory, baseSha, pull.headSha);
  if (tree === undefined) throw new Error('not mergeable: conflict');
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
