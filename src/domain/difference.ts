/** What the merge changes in tracked data. Sizes in bytes; undefined where the metafile does not record them. */
export interface Difference {
  readonly kind: 'data';
  readonly path: string;
  readonly change: 'added' | 'removed' | 'modified';
  readonly before: TrackedVersion | undefined;
  readonly after: TrackedVersion | undefined;
}

/** One version of a tracked output. */
export interface TrackedVersion {
  readonly hash: string | undefined;
  readonly size: number | undefined;
  readonly files: number | undefined;
}
