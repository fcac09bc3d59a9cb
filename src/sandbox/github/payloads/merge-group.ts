import { callHooks } from '../hooks/send.ts';
import type { GroupEnd, MergeGroup } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';
import { headCommit } from './commit.ts';

/** Sends `merge_group`. */
export async function tellGroupHooks(
  world: World,
  act: Act,
  group: MergeGroup,
  event:
    | { readonly action: 'checks_requested' }
    | { readonly action: 'destroyed'; readonly reason: GroupEnd },
): Promise<void> {
  const { action, ...rest } = event;
  await callHooks(world, act, group.repository, {
    event: 'merge_group',
    action,
    permissions: ['merge_queues'],
    payload: async () => ({
      ...rest,
      merge_group: {
        head_sha: group.headSha,
        head_ref: `refs/heads/${group.branch}`,
        base_sha: group.baseSha,
        base_ref: `refs/heads/${group.baseRef}`,
        head_commit: await headCommit(group.repository, group.headSha),
      },
    }),
  });
}
