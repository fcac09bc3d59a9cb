import { objectKey, type Layout } from '../../../formats/dvc/layout.ts';
import type { ResolvedRemote } from '../../../formats/dvc/remotes.ts';
import type { ObjectRef, ObjectStore, OpenedStore } from '../../../ports/object-store.ts';

/** How objects of a remote are named: by content in one of two layouts, or by their own path and version. */
export type Space = Layout | 'versions';

/**
 * What is known of one object: its size in bytes, or one of the three below. Numbers, and hashes as names, because
 * there may be a million.
 */
export type Known = number;
/** The remote does not have it. */
export const missing: Known = -1;
/** Entered, and still to be asked for. */
export const notAsked: Known = -2;
/** Asked for, without an answer that decides. */
export const unknown: Known = -3;

/** The objects that are wanted of one remote. Names: a hash, or key and version with a NUL between them. */
export interface Book {
  readonly remote: ResolvedRemote;
  readonly store: ObjectStore;
  /** The url that is asked, for messages, and the file it stands in where that is not the committed one. */
  readonly where: string;
  readonly spaces: Readonly<Record<Space, Map<string, Known>>>;
}

/** A book without entries for a remote that was opened. */
export function createBook(
  remote: ResolvedRemote,
  { store, instead }: Extract<OpenedStore, { readonly kind: 'open' }>,
): Book {
  const where = instead === undefined ? store.url : `${store.url} (from ${instead.from})`;
  const spaces = { 'files/md5': new Map(), legacy: new Map(), versions: new Map() };
  return { remote, store, where, spaces };
}

/** The name of a version of a file. */
export function versionName(key: string, version: string | undefined): string {
  return version === undefined ? key : `${key}\0${version}`;
}

/** What the store is asked for. */
export function refOf(space: Space, name: string): ObjectRef {
  if (space !== 'versions') return { key: objectKey(space, name) };
  const [key = '', version] = name.split('\0');
  return { key, version };
}

/** All objects of a book, at most: distinct ones count once. */
export function bookSize(book: Book): number {
  const { spaces } = book;
  return spaces['files/md5'].size + spaces.legacy.size + spaces.versions.size;
}

/** Those of them that the remote has. */
export function presentIn({ spaces }: Book): number {
  let present = 0;
  for (const known of Object.values(spaces)) for (const size of known.values()) if (size >= 0) present += 1;
  return present;
}
