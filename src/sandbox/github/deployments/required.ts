import { resolveCommit, setRef } from '../../git/bare-repository.ts';
import { isAncestor } from '../../git/history.ts';
import { commitTree, mergeTrees } from '../../git/write.ts';
import { latestRuns } from '../protection.ts';
import { refsChanged } from '../refs-changed.ts';
import { Refusal } from '../refusal.ts';
import type { Repository } from '../state.ts';
import { emailOf } from '../users/present.ts';
import type { Act, World } from '../world.ts';

const good = new Set(['success', 'neutral', 'skipped']);

/** @throws Refusal 409 while a context is not green: those that are named, or all that the commit has. */
export function requireContexts(
  repository: Repository,
  { ref, sha }: { readonly ref: string; readonly sha: string },
  named: readonly string[] | undefined,
): void {
  const runs = latestRuns(repository.checkRuns.filter((run) => run.suite.headSha === sha));
  const states = new Map<string, string>(runs.map((run) => [run.name, run.conclusion ?? 'pending']));
  for (const status of repository.statuses) if (status.sha === sha) states.set(status.context, status.state);
  const contexts = [...states].map(([context, state]) => ({ context, state }));
  const missing = (named ?? [...states.keys()]).filter((context) => !good.has(states.get(context) ?? ''));
  if (missing.length === 0) return;
  const message = `Conflict: Commit status checks failed for ${ref}.`;
  const error = { contexts, resource: 'Deployment', field: 'required_contexts', code: 'invalid' };
  throw new Refusal(409, { message, errors: [error] });
}

/**
 * Merges the default branch into a branch that is behind it; undefined: there was nothing to merge.
 * @throws Refusal 409 where it does not merge.
 */
export async function mergeDefault(
  world: World,
  act: Act,
  repository: Repository,
  branch: string,
): Promise<string | undefined> {
  const { directory, defaultBranch } = repository;
  const ref = `refs/heads/${branch}`;
  return world.serial.run(directory, async () => {
    const old = await resolveCommit(directory, ref);
    const main = await resolveCommit(directory, `refs/heads/${defaultBranch}`);
    if (old === undefined || main === undefined || (await isAncestor(directory, main, old))) return undefined;
    const tree = await mergeTrees(directory, old, main);
    if (tree === undefined)
      throw new Refusal(409, { message: `Conflict merging ${defaultBranch} into ${branch}.` });
    const author = { name: act.user.name, email: emailOf(act.user), at: world.now() };
    const message = `Auto-merged ${defaultBranch} into ${branch} on deployment.`;
    const tip = await commitTree(directory, { tree, parents: [old, main], message: `${message}\n`, author });
    await setRef(directory, ref, tip);
    await refsChanged(world, act, repository, [{ ref, old, new: tip }]);
    return message;
  });
}
