import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { createLocalStore } from '../../../src/adapters/object-store/local.ts';
import { describeObjectStore } from '../../contracts/object-store.ts';

describeObjectStore(
  'a directory',
  async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'modelgate-remote-'));
    return {
      store: createLocalStore({ directory }),
      async put(key, content) {
        const file = path.join(directory, key);
        await mkdir(path.dirname(file), { recursive: true });
        await writeFile(file, content);
      },
      close: () => rm(directory, { recursive: true }),
    };
  },
  { etags: false },
);
