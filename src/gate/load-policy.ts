import { defaultPolicy, policyFile, type Policy } from '../domain/policy.ts';
import type { Judgement } from '../domain/verdict.ts';
import { readPolicy } from '../formats/policy/read-policy.ts';
import { createSource, type Problem, type Source } from '../formats/source.ts';
import { decodeUtf8 } from '../formats/yaml/decode.ts';
import type { PolicyNodes } from '../rules/policy/index.ts';
import type { Blob, TreeEntry, TreeReader } from '../ports/snapshots.ts';
import type { Limits } from '../limits.ts';
import { unmatchedGlobs } from './unmatched-globs.ts';

/** The policy that decides, and every policy file that has to be right. */
export interface PolicyInForce {
  readonly policy: Policy;
  readonly source: Judgement['policySource'];
  readonly files: readonly PolicyNodes['policy-file'][];
  /** The same as they are on the target, where the change does not touch the policy. */
  readonly before: readonly PolicyNodes['policy-file'][];
}

/**
 * Reads the policy of the target. The change's own edit is read too, to be validated and shown, never to be obeyed
 * (design, "Judging"). A tip is judged `alone`: what it has is in force, and what it is compared with only tells what is new.
 */
export async function loadPolicy(
  sides: {
    readonly base: readonly TreeEntry[];
    readonly judged: readonly TreeEntry[];
    readonly alone?: true | undefined;
  },
  deps: { readonly trees: TreeReader; readonly limits: Limits; readonly ruleIds: readonly string[] },
  signal: AbortSignal,
): Promise<PolicyInForce> {
  const onBase = policyIn(sides.base);
  const inChange = policyIn(sides.judged);
  const onTarget = sides.alone === true ? inChange : onBase;
  const wanted = [onTarget, inChange].filter((entry) => entry !== undefined);
  if (wanted.length === 0) return { policy: defaultPolicy, source: 'defaults', files: [], before: [] };
  const blobs = await deps.trees.read(
    [...new Set(wanted.map((entry) => entry.oid))],
    deps.limits.fileBytes,
    signal,
  );
  const read = (entry: TreeEntry, side: 'target' | 'change') => {
    const { source, problem } = textOf(blobs.get(entry.oid), deps.limits);
    const policy = readPolicy(source, deps.ruleIds, deps.limits);
    return problem === undefined
      ? { ...policy, source, side, unmatched: unmatchedGlobs(policy.pipelineGlobs, sides.judged) }
      : { ...policy, value: defaultPolicy, problems: [problem], source, side };
  };
  const target = onTarget && read(onTarget, sides.alone === true ? 'change' : 'target');
  const edited = inChange && inChange.oid !== onTarget?.oid ? read(inChange, 'change') : undefined;
  const removed = target !== undefined && inChange === undefined;
  const files = [removed ? { ...target, repaired: true } : target, edited].filter(
    (file) => file !== undefined,
  );
  if (target === undefined) return { policy: defaultPolicy, source: 'defaults', files, before: [] };
  // Without an edit what is said of the policy is said of the target; what it names may still come and go.
  const unmatched = unmatchedGlobs(target.pipelineGlobs, sides.base);
  const isOld = edited === undefined && onTarget?.oid === onBase?.oid;
  const before = isOld ? files.map((file) => ({ ...file, unmatched })) : [];
  if (target.problems.length > 0)
    return { policy: defaultPolicy, source: 'defaults-because-broken', files, before };
  return { policy: target.value, source: 'target', files, before };
}

/** The policy of a tree. */
export function policyIn(entries: readonly TreeEntry[]): TreeEntry | undefined {
  return entries.find((entry) => entry.path === policyFile);
}

/** The policy's text, or why it cannot be read. */
function textOf(
  blob: Blob | undefined,
  limits: Limits,
): { readonly source: Source; readonly problem: Problem | undefined } {
  const at = { span: { start: 0, end: 0 }, pointer: '' };
  if (blob?.kind === 'bytes') {
    const decoded = decodeUtf8(blob.bytes);
    return { source: createSource(policyFile, decoded.text ?? decoded.lossy), problem: decoded.problem };
  }
  const message =
    blob?.kind === 'too-large'
      ? `the file has ${blob.size} bytes, more than the ${limits.fileBytes} of limits.fileBytes`
      : 'the file is not in the repository, although its tree names it';
  return { source: createSource(policyFile, ''), problem: { code: 'limit', message, ...at } };
}
