import { policyFile } from '../../../domain/policy.ts';
import type { Release } from '../../../domain/release.ts';
import { readMetrics } from '../../../formats/metrics/read-metrics.ts';
import { readPolicy } from '../../../formats/policy/read-policy.ts';
import { createSource } from '../../../formats/source.ts';
import type { History, TreeEntry } from '../../../ports/snapshots.ts';
import type { ReleaseWorld } from '../../world.ts';
import { contentOf } from '../plan/observe.ts';

/** The metrics that the run committed beside its pointer: of the files that the released policy has limits for. */
export async function metricsAt(
  history: History,
  entries: readonly TreeEntry[],
  { release, world }: { readonly release: Release; readonly world: ReleaseWorld },
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const found: Record<string, number> = {};
  for (const path of await metricsFiles(history, { release, world }, signal)) {
    const bytes = await contentOf(history, entries, path, world, signal);
    if (bytes !== undefined) Object.assign(found, readMetrics(path, bytes, world.limits));
  }
  return found;
}

/** The policy of the released commit decides, not that of the commit that the run made. */
async function metricsFiles(
  history: History,
  { release, world }: { readonly release: Release; readonly world: ReleaseWorld },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const tree = await history.treeOf(release.commit, signal);
  if (tree === undefined) return [];
  const entries = await history.trees.list(tree, signal);
  const bytes = await contentOf(history, entries, policyFile, world, signal);
  const text = createSource(policyFile, bytes?.toString('utf8') ?? '');
  return Object.keys(readPolicy(text, world.ruleIds, world.limits).value.metrics ?? {});
}
