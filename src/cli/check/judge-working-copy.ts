import type { CheckReport } from '../../report/check-report.ts';

/** What `modelgate check` asks for. */
export interface JudgeRequest {
  /** Any directory of the working copy. */
  readonly directory: string;
  /** What the change would be merged into; undefined: the remote's default branch. */
  readonly target: string | undefined;
  /** Judge the commit HEAD even where the files differ from it. */
  readonly committed: boolean;
  /** Tells a waiting person what takes its time. */
  readonly progress: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Judges a working copy. The composition gives it; this command only reads arguments and prints.
 * @throws UserError for what the person can repair; RetryableError when the world was away.
 */
export type JudgeWorkingCopy = (request: JudgeRequest) => Promise<CheckReport>;
