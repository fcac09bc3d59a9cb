import { AbortError } from '../errors.ts';
import type { FollowUp } from '../ports/queue.ts';
import type { GateDeps } from './deps.ts';
import { retryOf } from './follow-ups.ts';
import { giveUp, type LastTry } from './give-up.ts';
import { isKnownTrouble, thrownFields } from './trouble.ts';

/** A try that failed. `isJudged`: the subject is known to be one whose verdict is shown. */
export interface FailedTry extends LastTry {
  /** From 1. */
  readonly attempt: number;
  readonly isJudged: boolean;
}

/**
 * The next try at what just failed; after the last quick one the host is told. @throws what was thrown where somebody wants
 * the work to end: that it took too long is trouble instead.
 */
export async function tryLater(
  { attempt, isJudged, ...last }: FailedTry,
  deps: GateDeps,
  signal: AbortSignal,
): Promise<FollowUp> {
  const { subject, cause } = last;
  signal.throwIfAborted();
  if (cause instanceof AbortError && cause.reason !== 'deadline') throw cause;
  const what = 'the change could not be judged or reported and is tried again';
  const fields = { ...thrownFields(cause), attempt };
  if (isKnownTrouble(cause)) deps.log.warn(fields, what);
  else deps.log.error(fields, `${what}: a defect of modelgate`);
  if (isJudged && attempt > deps.retries.after.length) await giveUp(last, deps, signal);
  return retryOf(subject, attempt, cause, { now: deps.clock.now(), retries: deps.retries });
}
