/** An object of a data remote; keys are relative to the remote's url and never start with `/`. */
export interface ObjectRef {
  readonly key: string;
  /** Cloud version (S3 versionId, GCS generation, Azure versionid); undefined: the newest. */
  readonly version?: string | undefined;
}

/** Why an answer could not be had. Never confused with absence (specs dvc 0, rule 6). */
export interface StoreTrouble {
  readonly kind: 'unknown';
  readonly cause: 'forbidden' | 'unreachable' | 'unsupported' | 'limit';
  /** Status, code and host of the answer; no secret, no query string. */
  readonly message: string;
}

/** What is known of one object. Sizes in bytes; the etag without quotes. */
export type ObjectState =
  | { readonly kind: 'present'; readonly size: number; readonly etag: string | undefined }
  | { readonly kind: 'missing' }
  | StoreTrouble;

/** An object's content. */
export type ObjectContent =
  | { readonly kind: 'content'; readonly bytes: Buffer }
  | { readonly kind: 'too-large'; readonly size: number }
  | { readonly kind: 'missing' }
  | StoreTrouble;

/** One row of a listing. */
export interface ListedObject {
  readonly key: string;
  readonly size: number;
  readonly etag: string | undefined;
}

/** Read access to one data remote. No method throws for what the store answers; abort throws the signal's reason. */
export interface ObjectStore {
  /** The url without credentials and query: names the remote in messages. */
  readonly url: string;
  /** The states, in the order asked; bounded concurrency inside. */
  stat(wanted: readonly ObjectRef[], signal: AbortSignal): Promise<readonly ObjectState[]>;
  /** Pages of keys that start with `prefix`, in the order of their bytes, after `after`; a last page may be trouble. */
  list(
    prefix: string,
    after: string | undefined,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly kind: 'page'; readonly objects: readonly ListedObject[] } | StoreTrouble>;
  /** The object's bytes, at most `maxBytes` of them. */
  get(object: ObjectRef, maxBytes: number, signal: AbortSignal): Promise<ObjectContent>;
}

/** A remote of `.dvc/config`: its name, its resolved url, and its own settings (keys lower-case). */
export interface DataRemote {
  readonly name: string;
  readonly url: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The url that counts in place of the committed one, without credentials, and the file it stands in. */
export interface UrlInstead {
  readonly url: string;
  readonly from: string;
}

/** A remote that can be asked, or why it cannot. `instead`: its url is not the one that was handed over. */
export type OpenedStore = (
  | { readonly kind: 'open'; readonly store: ObjectStore }
  | { readonly kind: 'not-bound' | 'unsupported'; readonly message: string; readonly remedy: string }
) & { readonly instead?: UrlInstead | undefined };

/** Opens data remotes as far as whoever runs us may reach them. */
export interface ObjectStores {
  /** `not-bound`: the server's configuration does not bind the url to this repository; nothing was asked. */
  open(remote: DataRemote): OpenedStore;
}
