import { createHash } from 'node:crypto';
import type { Finding } from '../../src/domain/finding.ts';
import { defaultPolicy, type Policy } from '../../src/domain/policy.ts';
import { collectData } from '../../src/gate/collect/data.ts';
import type { Collected } from '../../src/gate/check.ts';
import { defaultLimits, type Limits } from '../../src/limits.ts';
import { dataRules, visitData, type DataModel } from '../../src/rules/data/index.ts';
import { applyRules, fingerprintsOf, markExisting } from '../../src/rules/engine.ts';
import { createMemoryStores, type MemoryRemote } from './memory-store.ts';
import { createMemoryTrees, type MemoryFiles } from './memory-trees.ts';

/** A merge to be looked at: the target's files, the judged files, and the data remotes by url. */
export interface DataCase {
  readonly base?: MemoryFiles;
  readonly files: MemoryFiles;
  readonly remotes?: Readonly<Record<string, MemoryRemote>>;
  readonly scope?: Policy['data']['scope'];
  readonly limits?: Partial<Limits>;
  readonly signal?: AbortSignal;
}

export interface DataOutcome extends Collected<DataModel> {
  readonly findings: readonly Finding[];
  readonly reads: number;
}

/** Collects and applies the rules, as the check does. */
export async function judgeData(given: DataCase): Promise<DataOutcome> {
  const trees = createMemoryTrees();
  const baseTree = trees.add(given.base ?? {});
  const tree = trees.add(given.files);
  const signal = given.signal ?? new AbortController().signal;
  const policy: Policy = { ...defaultPolicy, data: { scope: given.scope ?? 'changed' } };
  const facts = {
    tree,
    baseTree,
    entries: await trees.list(tree, signal),
    baseEntries: await trees.list(baseTree, signal),
    changes: await trees.changes(baseTree, tree, signal),
    policy,
  };
  const limits = { ...defaultLimits, ...given.limits };
  const stores = createMemoryStores(given.remotes ?? {});
  const collected = await collectData(facts, { trees, stores, limits, progress: () => undefined }, signal);
  const settings = { policy, maxFindings: limits.findings };
  const judged = applyRules(dataRules, visitData(collected.model), settings);
  const target = fingerprintsOf(dataRules, visitData(collected.baseModel), settings.policy);
  if (judged.crashes.length > 0) throw judged.crashes[0]?.thrown;
  return { ...collected, findings: markExisting(judged.findings, target), reads: trees.reads };
}

export function md5(content: string | Buffer): string {
  return createHash('md5').update(content).digest('hex');
}
