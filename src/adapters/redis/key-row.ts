/** One kind of Redis key. `docs/state.md` has the same rows; a test compares them. */
export interface KeyRow {
  /** `<prefix>:run:<id>`: what stands in angle brackets varies. */
  readonly pattern: string;
  readonly type: 'string' | 'hash' | 'zset' | 'stream' | 'several';
  /** The file that writes it. */
  readonly owner: string;
  /** The `v` of the records in it; undefined where it holds no records. */
  readonly version: number | undefined;
  /** Milliseconds after the last write; undefined: kept until its owner removes it. */
  readonly ttlMs: number | undefined;
}
