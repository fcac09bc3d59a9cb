import { open } from 'node:fs/promises';
import path from 'node:path';

import type { ObjectContent, ObjectStore } from '../../ports/object-store.ts';
import { mapBounded } from './bounded.ts';
import { fileTrouble } from './file-trouble.ts';
import { rootTrouble, statFile } from './local-file.ts';
import type { LocalRoot } from './local-file.ts';
import { listLocal } from './local-list.ts';
import { trouble } from './trouble.ts';

/** A data remote that is a directory. Nothing is ever changed in it (DVC itself deletes there, specs dvc 4.4). */
export function createLocalStore(config: LocalRoot): ObjectStore {
  const root = { directory: path.resolve(config.directory), within: config.within };
  const versioned = trouble('unsupported', 'a directory keeps no versions of its files');
  return {
    url: root.directory,
    async stat(wanted, signal) {
      const absent = await rootTrouble(root);
      return mapBounded(wanted, 16, signal, async ({ key, version }) => {
        if (version !== undefined) return versioned;
        return absent ?? statFile(root, key);
      });
    },
    list(prefix, after, signal) {
      return listLocal(root, { prefix, after }, signal);
    },
    async get({ key, version }, maxBytes, signal) {
      signal.throwIfAborted();
      if (version !== undefined) return versioned;
      const state = (await rootTrouble(root)) ?? (await statFile(root, key));
      if (state.kind !== 'present') return state;
      if (state.size > maxBytes) return { kind: 'too-large', size: state.size };
      return readWhole(path.join(root.directory, key), maxBytes, signal);
    },
  };
}

async function readWhole(file: string, maxBytes: number, signal: AbortSignal): Promise<ObjectContent> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > maxBytes) return { kind: 'too-large', size };
      return { kind: 'content', bytes: await handle.readFile({ signal }) };
    } finally {
      await handle.close();
    }
  } catch (thrown) {
    signal.throwIfAborted();
    return fileTrouble(thrown) ?? { kind: 'missing' };
  }
}
