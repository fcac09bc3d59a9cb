import { resolveCommit, setRef } from '../../git/bare-repository.ts';
import { isAncestor } from '../../git/history.ts';
import { commitTree, mergeTrees } from '../../git/write.ts';
import { refsChanged } from '../refs-changed.ts';
import type { MergeRequest } from '../state.ts';
import type { Act, World } from '../world.ts';
import { detailedMergeStatus } from './mergeability.ts';
import { tellHooks } from './open.ts';

/** How commits reach the target (specs git-hosts 6.1). */
export type MergeMethod = 'merge' | 'squash' | 'fast-forward' | 'squash-fast-forward';

/** What a merge made. */
interface Merged {
  readonly tip: string;
  readonly mergeCommitSha: string | undefined;
  readonly squashCommitSha: string | undefined;
}

/**
 * Merges for real, as a push to the target branch and a merge hook.
 * @throws Error naming the obstacle (`ci_must_pass`, `conflict` …) unless forced.
 */
export async function mergeMergeRequest(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  how: { readonly method?: MergeMethod; readonly force?: boolean },
): Promise<string> {
  const obstacle = detailedMergeStatus(mergeRequest);
  if (obstacle !== 'mergeable' && (how.force !== true || obstacle === 'not_open'))
    throw new Error(`not mergeable: ${obstacle}`);
  const { project } = mergeRequest;
  const ref = `refs/heads/${mergeRequest.targetBranch}`;
  const merged = await world.serial.run(project.directory, async () => {
    const old = (await resolveCommit(project.directory, ref)) ?? '';
    const made = await makeCommits(world, act, mergeRequest, old, how.method ?? 'merge');
    markMerged(world, act, mergeRequest, made);
    await setRef(project.directory, ref, made.tip);
    await refsChanged(world, act, project, [{ ref, old, new: made.tip }]);
    return made;
  });
  await tellHooks(world, act, mergeRequest, { action: 'merge' });
  return merged.tip;
}

async function makeCommits(
  world: World,
  act: Act,
  mergeRequest: MergeRequest,
  old: string,
  method: MergeMethod,
): Promise<Merged> {
  const { directory } = mergeRequest.project;
  const head = mergeRequest.sha;
  const none = { mergeCommitSha: undefined, squashCommitSha: undefined };
  if (method === 'fast-forward') {
    if (!(await isAncestor(directory, old, head))) throw new Error('not mergeable: need_rebase');
    return { tip: head, ...none };
  }
  const tree = await mergeTrees(directory, old, head);
  if (tree === undefined) throw new Error('not mergeable: conflict');
  const author = { name: act.user.name, email: `${act.user.username}@sandbox.invalid`, at: world.now() };
  const squash =
    method === 'squash' || method === 'squash-fast-forward'
      ? await commitTree(directory, { tree, parents: [old], message: `${mergeRequest.title}\n`, author })
      : undefined;
  if (method === 'squash-fast-forward' && squash !== undefined)
    return { tip: squash, mergeCommitSha: undefined, squashCommitSha: squash };
  const message = `Merge branch '${mergeRequest.sourceBranch}' into '${mergeRequest.targetBranch}'\n\n${mergeRequest.title}\n\nSee merge request ${mergeRequest.project.path}!${mergeRequest.iid}\n`;
  const tip = await commitTree(directory, { tree, parents: [old, squash ?? head], message, author });
  return { tip, mergeCommitSha: tip, squashCommitSha: squash };
}

/** Sets the merged state; the hook is sent by the caller. */
function markMerged(world: World, act: Act, mergeRequest: MergeRequest, merged: Merged): void {
  const now = world.now();
  Object.assign(mergeRequest, {
    state: 'merged',
    mergeCommitSha: merged.mergeCommitSha,
    squashCommitSha: merged.squashCommitSha,
    mergedBy: act.user,
    mergedAt: now,
    updatedAt: now,
    updatedBy: act.user,
  } satisfies Partial<MergeRequest>);
}
