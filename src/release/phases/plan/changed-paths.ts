import posix from 'node:path/posix';
import type { Production } from '../../../domain/policy.ts';
import type { Oid, Sha } from '../../../domain/repository.ts';
import { readLockFile } from '../../../formats/dvc/read-lock-file.ts';
import { createSource } from '../../../formats/source.ts';
import { decodeUtf8 } from '../../../formats/yaml/decode.ts';
import type { Limits } from '../../../limits.ts';
import type { History, TreeChange } from '../../../ports/snapshots.ts';

/**
 * The paths that differ between two commits; all paths where there is no older one. A `dvc.lock` in which nothing but
 * what the run itself makes is another one has not changed: it is compared output by output.
 */
export async function changedPaths(
  history: History,
  { from, to }: { readonly from: Sha | undefined; readonly to: Sha },
  rules: { readonly production: Production | undefined; readonly limits: Limits },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const [before, after] = [from && (await history.treeOf(from, signal)), await history.treeOf(to, signal)];
  if (after === undefined) return [];
  if (before === undefined) return (await history.trees.list(after, signal)).map(({ path }) => path);
  const changed: string[] = [];
  for (const change of await history.trees.changes(before, after, signal))
    if (posix.basename(change.path) !== 'dvc.lock' || (await isNewLock(history, change, rules, signal)))
      changed.push(change.path);
  return changed;
}

/** What a run commits: the pointer of its model, and the file that the pointer stands for. */
export function outputsOf({ model }: Production): ReadonlySet<string> {
  if (model?.from !== 'pointer') return new Set();
  return new Set([model.path, model.path.replace(/\.dvc$/, '')]);
}

async function isNewLock(
  history: History,
  { path, before, after }: TreeChange,
  { production, limits }: { readonly production: Production | undefined; readonly limits: Limits },
  signal: AbortSignal,
): Promise<boolean> {
  const oids = [before?.oid, after?.oid].filter((oid): oid is Oid => oid !== undefined);
  const blobs = await history.trees.read(oids, limits.fileBytes, signal);
  const [old, fresh] = [before, after].map((side) => {
    const blob = side === undefined ? undefined : blobs.get(side.oid);
    return blob?.kind === 'bytes' ? entriesOf(path, blob.bytes, limits) : undefined;
  });
  if (old === undefined || fresh === undefined) return true;
  const outputs = production === undefined ? new Set<string>() : outputsOf(production);
  const names = new Set([...old.keys(), ...fresh.keys()]);
  return [...names].some(
    (name) => !outputs.has(name.slice(name.indexOf(' ') + 1)) && old.get(name) !== fresh.get(name),
  );
}

/** `stage path` → hash, of everything that the lock file records; undefined: it cannot be read. */
function entriesOf(path: string, bytes: Buffer, limits: Limits): ReadonlyMap<string, string> | undefined {
  const { text } = decodeUtf8(bytes);
  if (text === undefined) return undefined;
  const { value, problems } = readLockFile(createSource(path, text), {
    root: '',
    limits,
    wdirOf: () => undefined,
  });
  if (value === undefined || problems.length > 0) return undefined;
  const directory = posix.dirname(path);
  return new Map(
    value.stages.flatMap(({ name, dependencies, outputs }) =>
      [...dependencies, ...outputs].map(
        (entry) => [`${name} ${posix.join(directory, entry.path)}`, entry.hash?.text ?? ''] as const,
      ),
    ),
  );
}
