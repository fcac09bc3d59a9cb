import { createHash } from 'node:crypto';
import { boundEnvironment, type Environment, type Refusal } from '../../../domain/environment.ts';
import { policyFile, type Policy } from '../../../domain/policy.ts';
import type { Release, ReleaseLine } from '../../../domain/release.ts';
import type { Sha } from '../../../domain/repository.ts';
import { readPolicy } from '../../../formats/policy/read-policy.ts';
import { createSource } from '../../../formats/source.ts';
import { decodeUtf8 } from '../../../formats/yaml/decode.ts';
import type { History, TreeEntry } from '../../../ports/snapshots.ts';
import type { ReleaseWorld } from '../../world.ts';
import { changedPaths } from './changed-paths.ts';

/** What the plan of a release is made from. */
export interface PlanSeen {
  /** undefined: there is none, or it is broken; then `policyTrouble` says what. */
  readonly policy: Policy | undefined;
  readonly policyTrouble: string | undefined;
  /** Whether the environment is bound; undefined: the policy has no production. */
  readonly bound: Environment | Refusal | undefined;
  /** SHA-256 of the pipeline's file; undefined: the commit has no such file. */
  readonly pipelineDigest: string | undefined;
  /** Paths that differ from the commit that was decided on last, and from the one that was released last. */
  readonly sinceSettled: readonly string[];
  readonly sinceReleased: readonly string[];
  /** The branch was moved back, or to another history: what was released last is not in it. */
  readonly rewound: boolean;
  /** Released last; where our records are gone, by what the host tells of the environment. */
  readonly lastDeployed: Sha | undefined;
}

/** Reads the commit's policy and pipeline and what changed, and what the host knows of it. */
export async function observePlan(
  release: Release,
  world: ReleaseWorld,
  signal: AbortSignal,
  line: ReleaseLine,
): Promise<PlanSeen> {
  const { repository, branch, commit } = release;
  const { host, snapshots } = world;
  const tip = await host.changes.tip(repository.id, branch, signal);
  const history = await snapshots.history({ repository, branch, commit }, signal);
  const entries = await entriesOf(history, commit, signal);
  const { policy, policyTrouble } = await policyOf(history, entries, world, signal);
  const production = policy?.production;
  const of = { path: repository.path, branch, isDefault: tip?.isDefault ?? false };
  const pipeline = production && (await contentOf(history, entries, production.pipeline, world, signal));
  const lastDeployed =
    line.released?.commit ??
    (await host.production.lastDeployed(repository.id, release.line.environment, signal));
  const released = await known(history, lastDeployed, commit, signal);
  // A commit that was decided on and then thrown away says nothing about what is there.
  const settled = (await known(history, line.settled?.commit, commit, signal)) ?? released;
  return {
    policy,
    policyTrouble,
    bound:
      production && boundEnvironment(production, of, new Map([[world.environment.name, world.environment]])),
    pipelineDigest: pipeline && createHash('sha256').update(pipeline).digest('hex'),
    sinceSettled: await changedPaths(
      history,
      { from: settled, to: commit },
      { production, limits: world.limits },
      signal,
    ),
    sinceReleased: await changedPaths(
      history,
      { from: released, to: commit },
      { production, limits: world.limits },
      signal,
    ),
    rewound: lastDeployed !== undefined && released === undefined,
    lastDeployed,
  };
}

/** The commit, if the history of the newer one holds it. */
async function known(
  history: History,
  older: Sha | undefined,
  newer: Sha,
  signal: AbortSignal,
): Promise<Sha | undefined> {
  if (older === undefined) return undefined;
  return (await history.isAncestor(older, newer, signal)) ? older : undefined;
}

async function entriesOf(history: History, commit: Sha, signal: AbortSignal): Promise<readonly TreeEntry[]> {
  const tree = await history.treeOf(commit, signal);
  return tree === undefined ? [] : history.trees.list(tree, signal);
}

/** The bytes of a file of the commit; undefined: there is none, or it is larger than the limit. */
export async function contentOf(
  history: History,
  entries: readonly TreeEntry[],
  path: string,
  { limits }: Pick<ReleaseWorld, 'limits'>,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const oid = entries.find((entry) => entry.path === path)?.oid;
  if (oid === undefined) return undefined;
  const blob = (await history.trees.read([oid], limits.fileBytes, signal)).get(oid);
  return blob?.kind === 'bytes' ? blob.bytes : undefined;
}

async function policyOf(
  history: History,
  entries: readonly TreeEntry[],
  world: ReleaseWorld,
  signal: AbortSignal,
): Promise<Pick<PlanSeen, 'policy' | 'policyTrouble'>> {
  const bytes = await contentOf(history, entries, policyFile, world, signal);
  if (bytes === undefined) return { policy: undefined, policyTrouble: `the commit has no ${policyFile}` };
  const decoded = decodeUtf8(bytes);
  const text = decoded.text ?? decoded.lossy;
  const { value, problems } = readPolicy(createSource(policyFile, text), world.ruleIds, world.limits);
  const [first] = problems;
  if (first !== undefined)
    return { policy: undefined, policyTrouble: `${policyFile} is broken: ${first.message}` };
  return { policy: value, policyTrouble: undefined };
}
