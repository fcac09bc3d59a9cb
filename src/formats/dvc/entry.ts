import type { Span } from '../source.ts';
import type { Hash } from './layout.ts';
import type { OutputPath } from './output-path.ts';

/** A version of a file on a remote that keeps versions; `remote` is the name it was recorded under. */
export interface CloudVersion {
  readonly remote: string | undefined;
  readonly etag: string | undefined;
  readonly versionId: string | undefined;
}

/** One file of a directory that is listed in the metafile itself. */
export interface MemberFile {
  readonly relpath: string;
  readonly hash: Hash | undefined;
  readonly size: number | undefined;
  readonly cloud: CloudVersion | undefined;
}

/** Where the parts of an entry stand; a part that is not written has the place of the whole. */
export interface EntrySpans {
  readonly entry: Span;
  readonly path: Span;
  readonly hash: Span;
  readonly size: Span;
  readonly nfiles: Span;
  readonly cloud: Span;
}

/** An entry of `outs` or `deps`, in a `.dvc` file or in `dvc.lock` (specs dvc 1.3, 1.4, 2.4). */
export interface TrackedEntry {
  /** Structural path of the entry: `outs/0`, `stages/train/outs/1`. */
  readonly pointer: string;
  readonly spans: EntrySpans;
  /** As written. */
  readonly path: string;
  readonly target: OutputPath;
  /** undefined: none is written, or what is written is none. */
  readonly hash: Hash | undefined;
  /** Whether any of `md5`, `etag`, `checksum` has a text. */
  readonly hashWritten: boolean;
  readonly size: number | undefined;
  readonly nfiles: number | undefined;
  readonly isDirectory: boolean;
  readonly cloud: CloudVersion | undefined;
  /** undefined: the directory is not listed here. */
  readonly files: readonly MemberFile[] | undefined;
}

/** How an output is kept (specs dvc 1.3). */
export interface OutputSettings {
  readonly cache: boolean;
  readonly push: boolean;
  /** A remote of its own, lower-case. */
  readonly remote: string | undefined;
}

/** What an entry that says nothing has (specs dvc 1.3). */
export const defaultSettings: OutputSettings = { cache: true, push: true, remote: undefined };

/** An entry of `outs`, and how it is kept. */
export interface Output extends TrackedEntry, OutputSettings {}
