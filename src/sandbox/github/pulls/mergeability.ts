import { resolveCommit, setRef } from '../../git/bare-repository.ts';
import { commitTree, mergeTrees } from '../../git/write.ts';
import { protectionOf } from '../protection.ts';
import type { Pull } from '../state-pulls.ts';
import { emailOf } from '../users/present.ts';
import type { World } from '../world.ts';

/**
 * Whether the head merges into the base; found out only when somebody asks, and known a while later: the first
 * answer is null. The commit of the test merge goes to `refs/pull/N/merge`.
 */
export function askMergeable(world: World, pull: Pull): boolean | undefined {
  if (pull.state === 'open' && pull.mergeable === undefined) {
    const { headSha } = pull;
    world.background.start(() => check(world, pull, headSha), world.knobs.mergeCheckMs);
  }
  return pull.mergeable;
}

async function check(world: World, pull: Pull, headSha: string): Promise<void> {
  const { directory } = pull.repository;
  const base = await resolveCommit(directory, `refs/heads/${pull.baseRef}`);
  const tree = base === undefined ? undefined : await mergeTrees(directory, base, headSha);
  if (pull.headSha !== headSha || pull.state !== 'open') return;
  pull.mergeable = tree !== undefined;
  if (base === undefined || tree === undefined) return;
  const author = { name: pull.user.name, email: emailOf(pull.user), at: world.now() };
  const message = `Merge ${headSha} into ${base}`;
  const merge = await commitTree(directory, { tree, parents: [base, headSha], message, author });
  await setRef(directory, `refs/pull/${pull.number}/merge`, merge);
  if (pull.headSha === headSha && pull.state === 'open') pull.mergeCommitSha = merge;
}

/** `unknown`, `draft`, `dirty`, `blocked`, `unstable` or `clean`. */
export function mergeableState(pull: Pull): string {
  if (pull.state === 'closed' || pull.mergeable === undefined) return 'unknown';
  if (pull.draft) return 'draft';
  if (!pull.mergeable) return 'dirty';
  const required = protectionOf(pull.repository, pull.baseRef, pull.headSha);
  return required.every((check) => check.state === 'passing') ? 'clean' : 'blocked';
}
