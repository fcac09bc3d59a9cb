import { setRef, zeroSha } from '../../git/bare-repository.ts';
import { tellGroupHooks } from '../payloads/merge-group.ts';
import { tellPullHooks } from '../payloads/pull-request.ts';
import { sendPushHooks } from '../payloads/push.ts';
import type { GroupEnd, MergeGroup, Pull } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';

/** Why a pull request left the queue, as `dequeued` says. */
export type DequeueReason =
  | 'MANUAL'
  | 'CI_FAILURE'
  | 'CI_TIMEOUT'
  | 'MERGE_CONFLICT'
  | 'MERGE'
  | 'QUEUE_CLEARED'
  | 'ROLL_BACK'
  | 'BRANCH_PROTECTIONS';

/** The group of a pull request that is in the queue. */
export function groupOf(pull: Pull): MergeGroup | undefined {
  return pull.repository.mergeGroups.find((group) => group.pull === pull && group.ended === undefined);
}

/** Ends a group: its branch goes, `destroyed` tells why. */
export async function endGroup(world: World, act: Act, group: MergeGroup, reason: GroupEnd): Promise<void> {
  group.ended = reason;
  const ref = `refs/heads/${group.branch}`;
  await setRef(group.repository.directory, ref, undefined);
  await tellGroupHooks(world, act, group, { action: 'destroyed', reason });
  await sendPushHooks(world, act, group.repository, [{ ref, old: group.headSha, new: zeroSha }]);
}

/** Takes a pull request out of the queue, where it is in one. */
export async function leaveQueue(world: World, act: Act, pull: Pull, reason: DequeueReason): Promise<void> {
  const group = groupOf(pull);
  if (group === undefined) return;
  await endGroup(world, act, group, 'dequeued');
  await tellPullHooks(world, act, pull, { action: 'dequeued', reason });
}
