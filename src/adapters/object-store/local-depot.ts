import { open } from 'node:fs/promises';
import path from 'node:path';

import { RetryableError } from '../../errors.ts';
import type { ListedObject, ObjectStore, StoreTrouble } from '../../ports/object-store.ts';
import { fileTrouble } from './file-trouble.ts';
import { rootTrouble, statFile } from './local-file.ts';
import type { LocalRoot } from './local-file.ts';
import { incompleteFolder, startFile } from './local-write.ts';
import { createLocalStore } from './local.ts';
import type { Depot } from './models/depot.ts';
import { troubleError } from './models/refusals.ts';
import { trouble } from './trouble.ts';

/** A directory that files are copied from and to. It is never made: one that is not there is not mounted. */
export function createLocalDepot(directory: string, partBytes: number): Depot {
  const root = { directory, within: directory };
  return {
    url: directory,
    store: withoutIncomplete(createLocalStore(root)),
    async open(key, signal) {
      signal.throwIfAborted();
      const state = (await rootTrouble(root)) ?? (await statFile(root, key));
      if (state.kind === 'unknown') throw troubleError(state, directory);
      if (state.kind === 'missing') return undefined;
      return { size: state.size, parts: readParts(root, { key, size: state.size, partBytes }, signal) };
    },
    async upload(file, signal) {
      signal.throwIfAborted();
      const state = (await rootTrouble(root)) ?? (await statFile(root, file.key));
      if (state.kind === 'unknown') throw troubleError(state, directory);
      return startFile(root, file);
    },
  };
}

async function* readParts(
  root: LocalRoot,
  { key, size, partBytes }: { readonly key: string; readonly size: number; readonly partBytes: number },
  signal: AbortSignal,
): AsyncGenerator<Buffer> {
  const handle = await orTrouble(root, () => open(path.join(root.directory, key), 'r'));
  try {
    for (let first = 0; first < size;) {
      signal.throwIfAborted();
      const part = Buffer.allocUnsafe(Math.min(partBytes, size - first));
      const { bytesRead } = await orTrouble(root, () => handle.read(part, 0, part.length, first));
      if (bytesRead === 0) throw new RetryableError(`${key} in ${root.directory} was cut while it was read`);
      first += bytesRead;
      yield part.subarray(0, bytesRead);
    }
    const { size: now } = await orTrouble(root, () => handle.stat());
    if (now !== size) throw new RetryableError(`${key} in ${root.directory} grew while it was read`);
  } finally {
    await handle.close();
  }
}

async function orTrouble<T>(root: LocalRoot, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    throw troubleError(fileTrouble(thrown) ?? trouble('unreachable', 'the file is gone'), root.directory);
  }
}

/** What is not whole yet is not there. */
function withoutIncomplete(store: ObjectStore): ObjectStore {
  return {
    ...store,
    async *list(prefix, after, signal) {
      for await (const step of store.list(prefix, after, signal)) yield withoutIncompleteRows(step);
    },
  };
}

type Step = { readonly kind: 'page'; readonly objects: readonly ListedObject[] } | StoreTrouble;

function withoutIncompleteRows(step: Step): Step {
  if (step.kind === 'unknown') return step;
  const objects = step.objects.filter(({ key }) => !key.startsWith(`${incompleteFolder}/`));
  return { kind: 'page', objects };
}
