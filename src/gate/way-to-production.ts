import { boundEnvironment, type Environment, type Refusal } from '../domain/environment.ts';
import { RetryableError } from '../errors.ts';
import type { BranchTip } from '../ports/host.ts';
import { ruleIds } from '../rules/index.ts';
import type { GateDeps } from './deps.ts';
import { loadPolicy, type PolicyInForce } from './load-policy.ts';

/** Where a tip goes: to an environment, to none, or not at all, and why. */
export type Way =
  | { readonly kind: 'released'; readonly environment: Environment }
  | { readonly kind: 'none' }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly environment: string };

/** What the policy of a tip says about its way. Of all the world only git is asked. */
export async function wayToProduction(
  tip: BranchTip,
  deps: Pick<GateDeps, 'snapshots' | 'limits' | 'environments'>,
  signal: AbortSignal,
): Promise<Way> {
  const { repository, branch, isDefault } = tip;
  const loaded = await policyOf(tip, deps, signal);
  if (loaded.source === 'defaults-because-broken') return brokenWay(tip, loaded, deps);
  const { production } = loaded.policy;
  if (production === undefined || production.branch !== branch) return { kind: 'none' };
  const of = { path: repository.path, branch, isDefault };
  const bound = boundEnvironment(production, of, deps.environments);
  if (!('reason' in bound)) return { kind: 'released', environment: bound };
  return { kind: 'refused', refusal: bound, environment: production.environment };
}

async function policyOf(
  { repository, branch, sha }: BranchTip,
  { snapshots, limits }: Pick<GateDeps, 'snapshots' | 'limits'>,
  signal: AbortSignal,
): Promise<PolicyInForce> {
  const history = await snapshots.history({ repository, branch, commit: sha }, signal);
  const { trees } = history;
  const tree = await history.treeOf(sha, signal);
  if (tree === undefined) throw new RetryableError(`${repository.path} does not hold ${sha} yet`);
  const entries = await trees.list(tree, signal);
  const sides = { base: entries, judged: entries, alone: true } as const;
  return loadPolicy(sides, { trees, limits, ruleIds }, signal);
}

/** A broken policy may have wanted anything; where nothing is bound to the repository it is no business of production. */
function brokenWay(
  { repository }: BranchTip,
  { files }: PolicyInForce,
  { environments }: Pick<GateDeps, 'environments'>,
): Way {
  const bound = [...environments.values()].find((one) => one.serves(repository.path));
  if (bound === undefined) return { kind: 'none' };
  const [problem] = files.flatMap(({ problems }) => problems);
  const refusal = {
    reason: `.modelgate.yaml is not valid: ${problem?.message ?? 'it cannot be read'}`,
    remedy: 'Repair it on the branch; `modelgate check` names the place.',
  };
  return { kind: 'refused', refusal, environment: bound.name };
}
