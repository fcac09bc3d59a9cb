/** A full commit id, lower-case hex (40 digits, 64 in SHA-256 repositories). */
export type Sha = string & { readonly brand: 'Sha' };

/** The id of any git object: commit, tree or blob. */
export type Oid = string & { readonly brand: 'Oid' };

/** A repository as its host knows it. Identity is `host` and `id`; the path changes when it is renamed. */
export interface Repository {
  /** The `id` of the host in the server's configuration. */
  readonly host: string;
  /** The host's numeric id, as text. */
  readonly id: string;
  /** Full path without leading slash, for people: `ml/auto-mpg`. */
  readonly path: string;
}

const shaForm = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** The text as a commit id, or undefined when it is none, or the all-zero id that stands for "no commit". */
export function toSha(text: unknown): Sha | undefined {
  return isSha(text) ? text : undefined;
}

function isSha(text: unknown): text is Sha {
  return typeof text === 'string' && shaForm.test(text) && !/^0+$/.test(text);
}

/** The first eight digits, as people write them. */
export function shortSha(sha: string): string {
  return sha.slice(0, 8);
}
