import { tellPullHooks } from '../payloads/pull-request.ts';
import type { Pull } from '../state-pulls.ts';
import type { Act, World } from '../world.ts';

/** Marks it merged and tells: by the button, by the queue, or because a push brought the head. */
export async function finishMerge(world: World, act: Act, pull: Pull, sha: string): Promise<void> {
  pull.state = 'closed';
  pull.mergeCommitSha = sha;
  pull.mergedBy = act.user;
  pull.mergedAt = world.now();
  pull.closedAt = world.now();
  pull.updatedAt = world.now();
  await tellPullHooks(world, act, pull, { action: 'closed' });
}
