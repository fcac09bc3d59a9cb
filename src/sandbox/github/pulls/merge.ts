import { resolveCommit, setRef } from '../../git/bare-repository.ts';
import { readCommits } from '../../git/history.ts';
import { commitTree, mergeTrees, type Author } from '../../git/write.ts';
import { protectionOf } from '../protection.ts';
import { refsChanged } from '../refs-changed.ts';
import type { Pull } from '../state-pulls.ts';
import { emailOf } from '../users/present.ts';
import type { Act, World } from '../world.ts';
import { finishMerge } from './finish-merge.ts';
import { mergeMessage } from './merge-message.ts';

/** How commits reach the base (specs git-hosts 6.1). */
export type MergeMethod = 'merge' | 'squash' | 'rebase';

/**
 * Merges for real: a push to the base branch and `closed` with `merged`. Returns the new tip.
 * @throws Error naming the obstacle (`draft`, `conflict`, `required: modelgate is expected` …) unless forced.
 */
export async function mergePull(
  world: World,
  act: Act,
  pull: Pull,
  how: { readonly method?: MergeMethod; readonly force?: boolean },
): Promise<string> {
  const obstacle = obstacleOf(pull);
  if (obstacle !== undefined && (how.force !== true || pull.state === 'closed'))
    throw new Error(`not mergeable: ${obstacle}`);
  const { repository } = pull;
  const ref = `refs/heads/${pull.baseRef}`;
  return world.serial.run(repository.directory, async () => {
    const old = (await resolveCommit(repository.directory, ref)) ?? '';
    const tip = await makeCommits(world, act, pull, { base: old, method: how.method ?? 'merge' });
    await setRef(repository.directory, ref, tip);
    await finishMerge(world, act, pull, tip);
    await refsChanged(world, act, repository, [{ ref, old, new: tip }]);
    return tip;
  });
}

/** Why it cannot be merged, or undefined. */
export function obstacleOf(pull: Pull): string | undefined {
  if (pull.state === 'closed') return 'closed';
  if (pull.draft) return 'draft';
  const missing = protectionOf(pull.repository, pull.baseRef, pull.headSha).find(
    (check) => check.state !== 'passing',
  );
  return missing && `required: ${missing.context} is ${missing.state}`;
}

async function makeCommits(
  world: World,
  act: Act,
  pull: Pull,
  onto: { readonly base: string; readonly method: MergeMethod },
): Promise<string> {
  const { directory } = pull.repository;
  const author: Author = { name: act.user.name, email: emailOf(act.user), at: world.now() };
  if (onto.method === 'rebase') return rebase(directory, pull, onto.base, author);
  const tree = await mergeTrees(directory, onto.base, pull.headSha);
  if (tree === undefined) throw new Error('not mergeable: conflict');
  const squash = onto.method === 'squash';
  const message = squash ? `${pull.title} (#${pull.number})\n` : mergeMessage(pull);
  const parents = squash ? [onto.base] : [onto.base, pull.headSha];
  return commitTree(directory, { tree, parents, message, author });
}

/** Every commit anew on the base: its tree is the merge of the base with the commit, so that no step conflicts with the one before. */
async function rebase(directory: string, pull: Pull, base: string, author: Author): Promise<string> {
  const commits = await readCommits(directory, ['--no-merges', `${base}..${pull.headSha}`]);
  let tip = base;
  for (const commit of commits.toReversed()) {
    const tree = await mergeTrees(directory, base, commit.id);
    if (tree === undefined) throw new Error('not mergeable: conflict');
    tip = await commitTree(directory, { tree, parents: [tip], message: commit.message, author });
  }
  return tip;
}
