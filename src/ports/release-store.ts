import type { LineId, Release, ReleaseLine } from '../domain/release.ts';

/** Keeps releases and their lines. `save…` compare the revision that was loaded and throw StaleRecordError. */
export interface ReleaseStore {
  loadLine(line: LineId): Promise<ReleaseLine | undefined>;
  saveLine(line: ReleaseLine): Promise<ReleaseLine>;
  loadRelease(id: string): Promise<Release | undefined>;
  saveRelease(release: Release): Promise<Release>;
  /** Every line that there is. */
  lines(): Promise<readonly ReleaseLine[]>;
  /** The newest releases, of one line or of all, newest first; `offset` of them are passed over. */
  list(of: {
    readonly line?: LineId | undefined;
    readonly offset?: number | undefined;
    readonly limit: number;
  }): Promise<readonly Release[]>;
}
