/**
 * A content hash and where its object lives: `hash: md5` entries below `files/md5/`, older ones directly below the
 * remote's url (specs dvc 4.1). A hash is bound to its layout.
 */
export interface Hash {
  /** As written: 32 hex digits and, for a directory, `.dir`. */
  readonly text: string;
  readonly directory: boolean;
  readonly layout: Layout;
}

/** `files/md5`: below that directory, as DVC 3 does; `legacy`: right below the url, as DVC 2 did (specs dvc 4.1). */
export type Layout = 'files/md5' | 'legacy';

const strictForm = /^[0-9a-f]{32}(?:\.dir)?$/;

/** The text as a hash, or undefined when it is none of DVC's (specs dvc 1.5, STRICT). */
export function toHash(text: string, layout: Layout): Hash | undefined {
  if (!strictForm.test(text)) return undefined;
  return { text, directory: text.endsWith('.dir'), layout };
}

/** The object's key below the remote's url. `hash` is 32 hex digits, or those and `.dir`. */
export function objectKey(layout: Layout, hash: string): string {
  const key = `${hash.slice(0, 2)}/${hash.slice(2)}`;
  return layout === 'legacy' ? key : `files/md5/${key}`;
}

/** The key of a file on a remote that keeps versions: its path below the DVC root (specs dvc 4.2). */
export function versionedKey(root: string, path: string, member?: string): string {
  const below = root === '' ? path : path.slice(root.length + 1);
  return member === undefined ? below : `${below}/${member}`;
}

/** The first eight digits, as people write them. */
export function shortHash(text: string): string {
  return `${text.slice(0, 8)}…`;
}
