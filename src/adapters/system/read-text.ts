import { readFileSync } from 'node:fs';

/** A file's text (UTF-8), or undefined when there is no such file. @throws what reading throws otherwise. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
