import { isUtf8 } from 'node:buffer';
import { toOid } from './oid.ts';
import type { TreeChange, TreeEntry } from '../../ports/snapshots.ts';

/** Entries of `ls-tree -r -z`: `mode SP type SP oid TAB path NUL`. Paths may hold bytes as `records` writes them. */
export function parseTree(output: Buffer): readonly TreeEntry[] {
  const entries: TreeEntry[] = [];
  for (const row of records(output)) {
    const tab = row.indexOf('\t');
    const [mode = '', , oid = ''] = row.slice(0, tab).split(' ');
    entries.push({ path: row.slice(tab + 1), mode, oid: toOid(oid) });
  }
  return entries;
}

/** Entries of `diff-tree -r -z`: `:mode SP mode SP oid SP oid SP status NUL path NUL`; mode 000000 is "not there". */
export function parseTreeDiff(output: Buffer): readonly TreeChange[] {
  const changes: TreeChange[] = [];
  const rows = records(output);
  for (let at = 0; at + 1 < rows.length; at += 2) {
    const [modeBefore = '', modeAfter = '', before = '', after = ''] = (rows[at] ?? '').slice(1).split(' ');
    const path = rows[at + 1] ?? '';
    changes.push({ path, before: sideOf(path, modeBefore, before), after: sideOf(path, modeAfter, after) });
  }
  return changes;
}

function sideOf(path: string, mode: string, oid: string): TreeEntry | undefined {
  return mode === '000000' ? undefined : { path, mode, oid: toOid(oid) };
}

/**
 * The parts that NUL ends. A byte that is not UTF-8, which names of files may have, becomes the lone surrogate U+DC00 + byte,
 * as in Python: names that differ stay different, and a report can give the byte back.
 */
export function records(output: Buffer): readonly string[] {
  const parts = (isUtf8(output) ? output.toString('utf8') : decodeBytes(output)).split('\0');
  if (parts.at(-1) === '') parts.pop();
  return parts;
}

function decodeBytes(bytes: Buffer): string {
  const parts: string[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = [1, 2, 3, 4].find((count) => isUtf8(bytes.subarray(at, at + count)));
    const character = bytes.subarray(at, at + (length ?? 1));
    parts.push(
      length === undefined ? String.fromCharCode(0xdc00 + (character[0] ?? 0)) : character.toString('utf8'),
    );
    at += character.length;
  }
  return parts.join('');
}
