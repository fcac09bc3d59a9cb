import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import type { ListedObject, StoreTrouble } from '../../ports/object-store.ts';
import { mapBounded } from './bounded.ts';
import { compareBytes } from './byte-order.ts';
import { fileTrouble } from './file-trouble.ts';
import { rootTrouble, statFile } from './local-file.ts';
import type { LocalRoot } from './local-file.ts';

interface Range {
  readonly prefix: string;
  readonly after: string | undefined;
}

interface Entry {
  readonly name: string;
  readonly isFolder: boolean;
}

type Page = { readonly kind: 'page'; readonly objects: readonly ListedObject[] };

const pageSize = 1000;

/** The files below a directory as an object store would list them; directories outside the range are not read. */
export async function* listLocal(
  root: LocalRoot,
  range: Range,
  signal: AbortSignal,
): AsyncGenerator<Page | StoreTrouble> {
  signal.throwIfAborted();
  const absent = await rootTrouble(root);
  if (absent !== undefined) {
    yield absent;
    return;
  }
  let keys: string[] = [];
  for await (const step of walk(root, '', range, [])) {
    signal.throwIfAborted();
    if (typeof step === 'string') {
      keys.push(step);
      if (keys.length < pageSize) continue;
    }
    yield* statPage(root, keys, signal);
    keys = [];
    if (typeof step !== 'string') {
      yield step;
      return;
    }
  }
  yield* statPage(root, keys, signal);
}

/** Files that vanish meanwhile, or that lead out of the remote, are left out. */
async function* statPage(
  root: LocalRoot,
  keys: readonly string[],
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const states = await mapBounded(keys, 16, signal, async (key) => ({
    key,
    state: await statFile(root, key),
  }));
  const objects = states.flatMap(({ key, state }) =>
    state.kind === 'present' ? [{ key, size: state.size, etag: state.etag }] : [],
  );
  if (objects.length > 0) yield { kind: 'page', objects };
}

/** Keys in order. `above` holds the real paths on the way down: a symlink back to one of them is not followed again. */
async function* walk(
  root: LocalRoot,
  folder: string,
  range: Range,
  above: readonly string[],
): AsyncGenerator<string | StoreTrouble> {
  const directory = path.join(root.directory, folder);
  let entries: readonly Entry[];
  let real: string;
  try {
    real = await realpath(directory);
    if (above.includes(real)) return;
    entries = await entriesInOrder(directory);
  } catch (thrown) {
    const found = fileTrouble(thrown);
    if (found !== undefined) yield found;
    return;
  }
  for (const { name, isFolder } of entries) {
    const key = folder + name;
    if (isFolder && mayHold(`${key}/`, range)) yield* walk(root, `${key}/`, range, [...above, real]);
    if (!isFolder && holds(key, range)) yield key;
  }
}

/** Entries in the order of the keys below them: a folder sorts as its name with a slash. */
async function entriesInOrder(directory: string): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const entry of await readdir(directory, { withFileTypes: true })) {
    const isFolder = entry.isSymbolicLink()
      ? await leadsToFolder(directory, entry.name)
      : entry.isDirectory();
    entries.push({ name: entry.name, isFolder });
  }
  const sortName = (entry: Entry) => (entry.isFolder ? `${entry.name}/` : entry.name);
  return entries.sort((one, other) => compareBytes(sortName(one), sortName(other)));
}

async function leadsToFolder(directory: string, name: string): Promise<boolean> {
  try {
    return (await stat(path.join(directory, name))).isDirectory();
  } catch {
    return false;
  }
}

function holds(key: string, range: Range): boolean {
  return key.startsWith(range.prefix) && (range.after === undefined || compareBytes(key, range.after) > 0);
}

/** Whether keys below `folder` (with its slash) can have the prefix and come after `after`. */
function mayHold(folder: string, range: Range): boolean {
  if (!folder.startsWith(range.prefix) && !range.prefix.startsWith(folder)) return false;
  return range.after === undefined || range.after.startsWith(folder) || compareBytes(folder, range.after) > 0;
}
