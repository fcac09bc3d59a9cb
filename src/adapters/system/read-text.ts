import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/** A file's text (UTF-8), or undefined when there is no such file. @throws what reading throws otherwise. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return undefinedIfAbsent(error);
  }
}

/** The same for those who can wait. */
export async function readTextLater(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    return undefinedIfAbsent(error);
  }
}

function undefinedIfAbsent(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error;
}
