import type { Hold } from '../domain/hold.ts';
import type { Candidate, LineId, Release, ReleaseLine } from '../domain/release.ts';
import type { HeldLine } from '../domain/release-figures.ts';
import type { Deed } from './operations.ts';

/** What was let go on: a line, and a release of it that people had to look at. */
export interface Resumed {
  readonly line: LineId;
  /** The release whose hold was lifted. */
  readonly releaseId: string | undefined;
}

/**
 * What people see of releases and do about them. Every deed is in the audit before it is done. A line is named as
 * `corp/12/prod`, or by its environment or the path of its repository where that fits one alone; a release by its id, or
 * by the beginning of its id or commit, four digits at least.
 *
 * @throws UserError where nothing, or more than one thing, has that name, and where the deed makes no sense as things are;
 *   RetryableError where Redis does not answer.
 */
export interface ReleaseOperations {
  /** The newest releases, newest first. */
  list(limit: number): Promise<readonly Release[]>;
  lines(): Promise<readonly ReleaseLine[]>;
  /** Lines on hold, and releases that wait until people have looked at them. */
  held(): Promise<readonly HeldLine[]>;
  /** A release; of a commit its newest attempt. */
  find(named: string): Promise<Release>;
  /** Another attempt at a release that failed, was put back or superseded: resolves to what waits now. */
  retry(named: string, deed: Deed): Promise<Candidate>;
  /** From now on nothing begins in the line, and nothing more is done for what is under way. Somebody else's hold stays; resolves to the one in force. */
  hold(line: string, deed: Deed & { readonly reason: string }): Promise<Hold>;
  /** Lifts the hold of a line, or of a release that people had to look at. */
  resume(named: string, deed: Deed): Promise<Resumed>;
}
