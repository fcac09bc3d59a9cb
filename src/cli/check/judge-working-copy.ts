import type { CheckRequest } from '../../compose/local.ts';
import type { CheckReport } from '../../report/check-report.ts';

/**
 * Judges a working copy. The composition gives it; this command only reads arguments and prints.
 * @throws UserError for what the person can repair; RetryableError when the world was away.
 */
export type JudgeWorkingCopy = (request: CheckRequest) => Promise<CheckReport>;
