import type { Digest } from '../domain/model.ts';

/** What is at an address. Sizes in bytes. */
export type StoredFile = { readonly kind: 'present'; readonly size: number } | { readonly kind: 'missing' };

/** A file to be copied to an address where nothing is. */
export interface Copy {
  /** Where it is: an address of a bound store. */
  readonly from: string;
  /** Where it goes: an address below the environment's publication prefix. */
  readonly to: string;
  readonly size: number | undefined;
  /** What its content must be. */
  readonly digest: Digest;
}

/** A file that is where it should be; its content was read and agrees with the digest. */
export interface Copied {
  readonly size: number;
  readonly sha256: string;
}

/**
 * The stores that an environment may reach, by whole addresses (`s3://bucket/key`). Reading: the places where runs put
 * models and manifests, and the data remotes of the repository; writing: below the publication prefix alone.
 *
 * Every method throws RetryableError for what a later try may answer, and UserError for what only people can repair:
 * `address-not-bound`, `store-forbidden`, and those that are named below.
 */
export interface ModelStore {
  stat(address: string, signal: AbortSignal): Promise<StoredFile>;
  /** The names below a prefix that ends in `/`, relative to it, at most `limit`, in the order of their bytes. */
  list(prefix: string, limit: number, signal: AbortSignal): Promise<readonly string[]>;
  /** undefined: there is none. @throws UserError `file-too-large` */
  read(address: string, maxBytes: number, signal: AbortSignal): Promise<Buffer | undefined>;
  /**
   * Copies a file, within one store or from one to another, in bounded memory, and proves its content. Where a file is
   * already, its content is proven and it is left as it is.
   *
   * @throws UserError `model-missing` where there is nothing to copy; `digest-mismatch` where the source has another
   *   content; `address-taken` where something else is at the destination: nothing is ever overwritten.
   */
  copy(copy: Copy, signal: AbortSignal): Promise<Copied>;
  /** Writes a small file where there is none. @throws UserError `address-taken` where there is another one. */
  write(address: string, content: Buffer, signal: AbortSignal): Promise<void>;
}
