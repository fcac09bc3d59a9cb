import type { ObjectStore } from '../../../ports/object-store.ts';

/** A file that is read part by part. */
export interface FileParts {
  /** Bytes of the whole file. */
  readonly size: number;
  /** In their order, none of them empty. The next one is read when the one before it was taken. */
  readonly parts: AsyncIterable<Buffer>;
}

/** A file on its way to a depot. Nobody sees it before it is published. */
export interface Upload {
  /** Takes the next part; resolves once another one may come. */
  add(part: Buffer): Promise<void>;
  /**
   * Makes the file visible where nothing is, given the SHA-256 of all parts in hex. `taken`: something is there; perhaps
   * it is this, and an answer was lost.
   */
  publish(sha256: string): Promise<'written' | 'taken'>;
  /** Takes back what is not visible, as well as can be; never throws. */
  discard(): Promise<void>;
}

/** What becomes a file. */
export interface Incoming {
  readonly key: string;
  readonly size: number;
  /** Told of each part that is held no longer, in bytes. */
  readonly release: (bytes: number) => void;
}

/**
 * A bound store that files are copied from and to; keys are relative to its url. Its methods throw RetryableError for
 * what may pass and UserError for what people have to repair, but for those of `store`.
 */
export interface Depot {
  /** Without a slash at its end: names the depot in messages. */
  readonly url: string;
  readonly store: ObjectStore;
  /** undefined: there is no such file. */
  open(key: string, signal: AbortSignal): Promise<FileParts | undefined>;
  upload(file: Incoming, signal: AbortSignal): Promise<Upload>;
}
