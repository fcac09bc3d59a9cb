import { randomUUID } from 'node:crypto';
import { link, mkdir, open, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';

import type { Incoming, Upload } from './models/depot.ts';
import { troubleError } from './models/refusals.ts';
import { fileTrouble } from './file-trouble.ts';
import type { LocalRoot } from './local-file.ts';
import { trouble } from './trouble.ts';

/** Files on their way stand here, below the depot's directory, and are not listed. */
export const incompleteFolder = '.modelgate-incomplete';

/**
 * Writes a file under another name, to the disk, and gives it its own name where nothing has it. The directory has to be
 * there, the ones below it are made.
 */
export async function startFile(root: LocalRoot, file: Incoming): Promise<Upload> {
  const folder = path.join(root.directory, incompleteFolder);
  const temporary = path.join(folder, randomUUID());
  const target = path.join(root.directory, file.key);
  const handle = await orTrouble(root, async () => {
    await mkdir(folder, { recursive: true });
    return open(temporary, 'wx');
  });

  async function end(): Promise<void> {
    await handle.close().catch(() => undefined);
    await rm(temporary, { force: true }).catch(() => undefined);
  }

  return {
    async add(part) {
      try {
        await orTrouble(root, () => handle.writeFile(part));
      } finally {
        file.release(part.length);
      }
    },
    async publish() {
      await orTrouble(root, async () => {
        await handle.sync();
        await stayInside(root, path.dirname(target));
        await mkdir(path.dirname(target), { recursive: true });
      });
      const found = await orTrouble(root, () => nameFile(temporary, target));
      await end();
      return found;
    },
    discard: end,
  };
}

/** A link is made in one step, and only where the name is free. */
async function nameFile(temporary: string, target: string): Promise<'written' | 'taken'> {
  try {
    await link(temporary, target);
  } catch (thrown) {
    if (codeOf(thrown) !== 'EEXIST') throw thrown;
    if (await isFile(target)) return 'taken';
    const message = `${target} is there and is no file`;
    throw troubleError(trouble('unsupported', message), path.dirname(target));
  }
  const folder = await open(path.dirname(target), 'r');
  await folder.sync().finally(() => folder.close());
  return 'written';
}

async function isFile(target: string): Promise<boolean> {
  try {
    return (await stat(target)).isFile();
  } catch {
    return false;
  }
}

/** The nearest folder on the way that is there already must not lead out of the depot. */
async function stayInside(root: LocalRoot, folder: string): Promise<void> {
  const [inner, outer] = await Promise.all([nearest(folder), realpath(root.within ?? root.directory)]);
  if (inner === outer || inner.startsWith(outer.endsWith(path.sep) ? outer : outer + path.sep)) return;
  throw troubleError(
    trouble('forbidden', `${folder} is reached by a symbolic link that leaves it`),
    root.directory,
  );
}

async function nearest(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (thrown) {
    if (codeOf(thrown) !== 'ENOENT') throw thrown;
    return nearest(path.dirname(folder));
  }
}

async function orTrouble<T>(root: LocalRoot, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    const code = codeOf(thrown);
    if (code === undefined) throw thrown;
    throw troubleError(troubleOf(code, thrown), root.directory);
  }
}

function troubleOf(code: string, thrown: unknown) {
  if (code === 'EROFS') return trouble('forbidden', 'the file system is read-only');
  if (code === 'ENOTSUP' || code === 'EOPNOTSUPP' || code === 'EMLINK' || code === 'EXDEV')
    return trouble(
      'unsupported',
      `the file system makes no hard links [${code}], so that nothing could be written without a risk of overwriting`,
    );
  if (code === 'EEXIST' || code === 'EISDIR' || code === 'ENOTDIR')
    return trouble('unsupported', `a file stands where a folder has to be [${code}]`);
  return fileTrouble(thrown) ?? trouble('unsupported', `no file can have this name [${code}]`);
}

/** The code of an error of the system; undefined: it is none. */
function codeOf(thrown: unknown): string | undefined {
  return thrown instanceof Error && 'syscall' in thrown && 'code' in thrown && typeof thrown.code === 'string'
    ? thrown.code
    : undefined;
}
