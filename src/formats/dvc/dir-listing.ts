import { createHash } from 'node:crypto';
import type { Hash } from './layout.ts';

/** The files of a tracked directory. Two arrays instead of a record per file: listings may have a million entries. */
export interface DirListing {
  /** 32 hex digits each. */
  readonly hashes: readonly string[];
  /** Paths below the directory, in the order of `hashes`. */
  readonly paths: readonly string[];
}

/** A listing, or why its bytes are none. */
export type ReadListing =
  | { readonly kind: 'listing'; readonly listing: DirListing }
  | { readonly kind: 'broken'; readonly reason: string };

/** Reads a `.dir` object and proves that it is the one its name says (specs dvc 2.8, 4.6 step 2). */
export function readDirListing(bytes: Buffer, name: Hash): ReadListing {
  const digest = createHash('md5').update(bytes).digest('hex');
  if (`${digest}.dir` !== name.text) return broken(`its content has the md5 ${digest}`);
  return parseDirListing(bytes);
}

/** Reads the text of a `.dir` object whatever its name is. */
export function parseDirListing(bytes: Buffer): ReadListing {
  let rows: unknown;
  try {
    rows = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return broken('it is not JSON in UTF-8');
  }
  if (!Array.isArray(rows)) return broken('it is not a list');
  const hashes: string[] = [];
  const paths: string[] = [];
  for (const row of rows as readonly unknown[]) {
    const { md5, relpath } = isRecord(row) ? row : {};
    const position = `entry ${paths.length + 1}`;
    if (typeof md5 !== 'string' || !/^[0-9a-f]{32}$/.test(md5))
      return broken(`${position} has no md5 of 32 hex digits`);
    if (typeof relpath !== 'string') return broken(`${position} has no relpath`);
    if (!isSafe(relpath))
      return broken(`${position} leaves the directory: ${JSON.stringify(relpath.slice(0, 200))}`);
    hashes.push(md5);
    paths.push(relpath);
  }
  const twice = repeated(paths);
  if (twice !== undefined) return broken(`${JSON.stringify(twice.slice(0, 200))} is there twice`);
  return { kind: 'listing', listing: { hashes, paths } };
}

/** The canonical text of a listing, whose md5 is the directory's hash (specs dvc 2.8). Sorted by code point. */
export function listingText(files: readonly { readonly md5: string; readonly relpath: string }[]): string {
  const sorted = files.toSorted((a, b) => Buffer.compare(Buffer.from(a.relpath), Buffer.from(b.relpath)));
  const rows = sorted.map(
    ({ md5, relpath }) => `{"md5": ${asciiJson(md5)}, "relpath": ${asciiJson(relpath)}}`,
  );
  return `[${rows.join(', ')}]`;
}

function asciiJson(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isSafe(relpath: string): boolean {
  if (relpath === '' || relpath.startsWith('/') || relpath.includes('\0')) return false;
  return !relpath.includes('..') || !relpath.split(/[/\\]/).includes('..');
}

/** Most listings are sorted, so that neighbours suffice; a set is built only for those that are not. */
function repeated(paths: readonly string[]): string | undefined {
  if (paths.every((path, index) => index === 0 || (paths[index - 1] ?? '') < path)) return undefined;
  const seen = new Set<string>();
  for (const path of paths) {
    if (seen.has(path)) return path;
    seen.add(path);
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function broken(reason: string): ReadListing {
  return { kind: 'broken', reason };
}
