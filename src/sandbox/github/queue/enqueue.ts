import { resolveCommit, setRef, zeroSha } from '../../git/bare-repository.ts';
import { tellPullHooks } from '../payloads/pull-request.ts';
import { protectionOf } from '../protection.ts';
import { finishMerge } from '../pulls/finish-merge.ts';
import { refsChanged } from '../refs-changed.ts';
import type { MergeGroup, Pull } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';
import { buildGroup, groupsBehind, rebuild } from './build.ts';
import { endGroup, groupOf } from './leave.ts';

/** Puts a pull request at the end of the queue: a branch with the merge, `enqueued`, `checks_requested`. */
export async function enqueue(world: World, act: Act, pull: Pull): Promise<MergeGroup> {
  if (pull.state === 'closed' || groupOf(pull) !== undefined) throw new Error('cannot be queued');
  await tellPullHooks(world, act, pull, { action: 'enqueued' });
  const group = await buildGroup(world, act, pull);
  if (group !== undefined) return group;
  await tellPullHooks(world, act, pull, { action: 'dequeued', reason: 'MERGE_CONFLICT' });
  throw new Error('not mergeable: conflict');
}

/** Builds a group and those behind it anew, as when the base was pushed to. Returns the new one. */
export async function invalidate(world: World, act: Act, group: MergeGroup): Promise<MergeGroup> {
  const behind = groupsBehind(group.pull);
  await endGroup(world, act, group, 'invalidated');
  const fresh = await buildGroup(world, act, group.pull);
  await rebuild(world, act, behind);
  if (fresh === undefined) throw new Error('not mergeable: conflict');
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
