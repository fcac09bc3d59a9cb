import { realpath, stat } from 'node:fs/promises';
import path from 'node:path';

import type { ObjectState, StoreTrouble } from '../../ports/object-store.ts';
import { fileTrouble } from './file-trouble.ts';
import { keyProblem } from './key.ts';
import { trouble } from './trouble.ts';

/** A directory that is a data remote. */
export interface LocalRoot {
  /** Absolute path of the remote; a symlink is followed. */
  readonly directory: string;
  /** Where given, whatever a symlink leads out of this directory is `forbidden`. */
  readonly within?: string | undefined;
}

/** The state of the file at a key. Anything but a file (a directory, a pipe) is no object. */
export async function statFile(root: LocalRoot, key: string): Promise<ObjectState> {
  const problem = keyProblem(key);
  if (problem !== undefined) return trouble('unsupported', `${problem}: ${key.slice(0, 200)}`);
  const file = path.join(root.directory, key);
  if (!isBelow(file, root.directory))
    return trouble('forbidden', `the key leaves the remote: ${key.slice(0, 200)}`);
  try {
    const left = await leftBy(file, root.within);
    if (left !== undefined) return left;
    const found = await stat(file);
    return found.isFile() ? { kind: 'present', size: found.size, etag: undefined } : { kind: 'missing' };
  } catch (thrown) {
    return fileTrouble(thrown) ?? { kind: 'missing' };
  }
}

/** Not mounted, not there, not readable: then nothing is known of any object in the directory. */
export async function rootTrouble(root: LocalRoot): Promise<StoreTrouble | undefined> {
  try {
    const left = await leftBy(root.directory, root.within);
    if (left !== undefined) return left;
    if ((await stat(root.directory)).isDirectory()) return undefined;
    return trouble('unreachable', `${root.directory} is not a directory`);
  } catch (thrown) {
    return (
      fileTrouble(thrown) ?? trouble('unreachable', `the directory ${root.directory} does not exist here`)
    );
  }
}

async function leftBy(file: string, within: string | undefined): Promise<StoreTrouble | undefined> {
  if (within === undefined) return undefined;
  const [inner, outer] = await Promise.all([realpath(file), realpath(within)]);
  if (inner === outer || isBelow(inner, outer)) return undefined;
  return trouble('forbidden', `${file} is reached by a symbolic link that leaves ${within}`);
}

function isBelow(file: string, directory: string): boolean {
  return file.startsWith(directory.endsWith(path.sep) ? directory : directory + path.sep);
}
