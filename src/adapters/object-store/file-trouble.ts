import { messageOf } from '../../errors.ts';
import type { StoreTrouble } from '../../ports/object-store.ts';
import { trouble } from './trouble.ts';

/** What a failed look at a file means; undefined: there is no such file. */
export function fileTrouble(thrown: unknown): StoreTrouble | undefined {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
    case 'ENAMETOOLONG':
      return undefined;
    case 'EACCES':
    case 'EPERM':
      return trouble('forbidden', messageOf(thrown));
    default:
      return trouble('unreachable', messageOf(thrown));
  }
}
