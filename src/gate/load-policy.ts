import { defaultPolicy, policyFile, type Policy } from '../domain/policy.ts';
import type { Judgement } from '../domain/verdict.ts';
import { readPolicy } from '../formats/policy/read-policy.ts';
import { createSource } from '../formats/source.ts';
import type { PolicyNodes } from '../rules/policy/index.ts';
import type { TreeEntry, TreeReader } from '../ports/snapshots.ts';
import type { Limits } from '../limits.ts';

/** The policy that decides, and every policy file that has to be right. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly source: Judgement['policySource'];
  readonly files: readonly PolicyNodes['policy-file'][];
}

/**
 * Reads the policy of the target. The change's own edit is read too, to be validated and shown, never to be obeyed
 * (design, "Judging").
 */
export async function loadPolicy(
  sides: { readonly base: readonly TreeEntry[]; readonly judged: readonly TreeEntry[] },
  deps: { readonly trees: TreeReader; readonly limits: Limits; readonly ruleIds: readonly string[] },
  signal: AbortSignal,
): Promise<PolicyInForce> {
  const onTarget = sides.base.find((entry) => entry.path === policyFile);
  const inChange = sides.judged.find((entry) => entry.path === policyFile);
  const wanted = [onTarget, inChange].filter((entry) => entry !== undefined);
  if (wanted.length === 0) return { policy: defaultPolicy, source: 'defaults', files: [] };
  const blobs = await deps.trees.read([...new Set(wanted.map((entry) => entry.oid))], deps.limits.fileBytes, signal);
  const read = (entry: TreeEntry, side: 'target' | 'change') => {
    const blob = blobs.get(entry.oid);
    const source = createSource(policyFile, blob?.kind === 'bytes' ? blob.bytes.toString('utf8') : '');
    return { ...readPolicy(source, deps.ruleIds), source, side };
  };
  const target = onTarget && read(onTarget, 'target');
  const edited = inChange && inChange.oid !== onTarget?.oid ? read(inChange, 'change') : undefined;
  const files = [target, edited].filter((file) => file !== undefined);
  if (target === undefined) return { policy: defaultPolicy, source: 'defaults', files };
  if (target.problems.length > 0) return { policy: defaultPolicy, source: 'defaults-because-broken', files };
  return { policy: target.value, source: 'target', files };
}
