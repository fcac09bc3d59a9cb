/** Throwables. Verdicts are values; only these three kinds of trouble are thrown, anything else is a bug. */

/** The user can repair this: what went wrong, where and why in `message`, what to do in `remedy`. */
export class UserError extends Error {
  override readonly name = 'UserError';
  readonly code: string;
  readonly remedy: string;

  constructor(code: string, message: string, remedy: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.remedy = remedy;
  }
}

/** What failed, in words that everybody may read, and what somebody can do. */
export interface Advice {
  readonly what: string;
  readonly remedy: string;
}

/** The outside world failed in a way that a later try may not. `retryAfter` is what the other side asked for. */
export class RetryableError extends Error {
  override readonly name = 'RetryableError';
  /** Milliseconds, from a Retry-After or RateLimit-Reset header; undefined when the other side named none. */
  readonly retryAfter: number | undefined;
  /** Where somebody can do more than wait. */
  readonly advice: Advice | undefined;

  constructor(
    message: string,
    options?: ErrorOptions & { retryAfter?: number | undefined; advice?: Advice | undefined },
  ) {
    super(message, options);
    this.retryAfter = options?.retryAfter;
    this.advice = options?.advice;
  }
}

/** Somebody else wrote the record since it was loaded: load it again and decide anew. */
export class StaleRecordError extends RetryableError {}

/** Why a job was aborted; only `deadline` makes a check undecided. `paused`: nothing may be written to hosts now. */
export type AbortReason = 'superseded' | 'cancelled' | 'deadline' | 'shutdown' | 'paused';

/** The reason carried by every AbortSignal of a job. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  readonly reason: AbortReason;

  constructor(reason: AbortReason) {
    super(`aborted: ${reason}`);
    this.reason = reason;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
