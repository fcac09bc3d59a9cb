import { zeroSha, type RefChange } from '../git/bare-repository.ts';
import { isAncestor } from '../git/history.ts';
import { requestSuites } from './checks/suites.ts';
import { sendPushHooks } from './payloads/push.ts';
import { closePull, pushToPull } from './pulls/change.ts';
import { finishMerge } from './pulls/finish-merge.ts';
import { baseMovedUnderQueue } from './queue/build.ts';
import type { Repository } from './state.ts';
import type { Pull } from './state-pulls.ts';
import type { Act, World } from './world.ts';

/** What happens after a push: events, check suites, pull requests that come from or go to the branch. */
export async function refsChanged(
  world: World,
  act: Act,
  repository: Repository,
  changes: readonly RefChange[],
): Promise<void> {
  repository.pushedAt = world.now();
  await sendPushHooks(world, act, repository, changes);
  for (const change of changes) {
    if (!change.ref.startsWith('refs/heads/')) continue;
    const branch = change.ref.slice('refs/heads/'.length);
    if (change.new !== zeroSha)
      await requestSuites(world, act, repository, { sha: change.new, branch, before: change.old });
    await branchChanged(world, act, repository, { branch, tip: change.new });
  }
}

async function branchChanged(
  world: World,
  act: Act,
  repository: Repository,
  moved: { readonly branch: string; readonly tip: string },
): Promise<void> {
  const { branch, tip } = moved;
  const open = world.repositories.flatMap((entry) => entry.pulls).filter((pull) => pull.state === 'open');
  const fromHere = open.filter((pull) => pull.headRepository === repository && pull.headRef === branch);
  for (const pull of fromHere) {
    if (tip === zeroSha) await closePull(world, act, pull);
    else await pushToPull(world, act, pull, tip);
  }
  if (tip === zeroSha) return;
  const toHere = open.filter((pull) => pull.repository === repository && pull.baseRef === branch);
  for (const pull of toHere) await baseMoved(world, act, pull, tip);
  await baseMovedUnderQueue(world, act, repository, moved);
}

/** A base that contains the head now was merged by a push; otherwise only mergeability is in doubt, and no event tells. */
async function baseMoved(world: World, act: Act, pull: Pull, tip: string): Promise<void> {
  pull.mergeable = undefined;
  const brought = pull.headSha !== pull.baseSha;
  if (brought && (await isAncestor(pull.repository.directory, pull.headSha, tip)))
    await finishMerge(world, act, pull, tip);
}
