import { RetryableError, UserError } from '../../errors.ts';
import type { AnswerCode } from '../../net/host-answer.ts';
import type { HttpAnswer } from '../../net/request.ts';
import { parseRetryAfter } from '../../net/retry-after.ts';

/** A refusal and what it answers. */
export interface Refusal {
  readonly answer: HttpAnswer;
  /** Method and path: `POST projects/7/statuses/abc`. */
  readonly what: string;
  /** What GitLab says for a reason, one line, without the token. */
  readonly reason: string;
  readonly host: string;
  readonly now: Date;
  readonly random: () => number;
}

const longestWaitMs = 60 * 60 * 1000;
const passing = new Set([408, 425, 429]);

/** The error that an answer outside of 2xx is (specs git-hosts 3.5, 4.2). */
export function mapAnswer(refusal: Refusal): Error {
  const { answer, host, what, reason } = refusal;
  const message = `${host} answered ${answer.status} to ${what}${reason === '' ? '' : `: ${reason}`}`;
  const { status } = answer;
  if (status === 409)
    return new RetryableError(message, { retryAfter: readWait(refusal) ?? jitter(refusal) });
  if (status >= 500 || passing.has(status))
    return new RetryableError(message, { retryAfter: readWait(refusal) });
  const [code, remedy] = explain(status, answer, host);
  return new UserError(code, message, remedy);
}

function readWait({ answer, now }: Refusal): number | undefined {
  const asked = parseRetryAfter(answer.headers['retry-after'], now, longestWaitMs);
  if (asked !== undefined || answer.status !== 429) return asked;
  const reset = Number(answer.headers['ratelimit-reset']);
  if (!Number.isFinite(reset)) return undefined;
  return Math.min(Math.max(0, reset * 1000 - now.getTime()), longestWaitMs);
}

/** Two updates of one commit met at a lock: they must not meet again (specs git-hosts 3.5, our step 7). */
function jitter({ random }: Refusal): number {
  return 500 + Math.round(random() * 4500);
}

function explain(status: number, answer: HttpAnswer, host: string): [AnswerCode, string] {
  if (status === 400)
    return ['host-bad-request', 'Report this: the request should not have been made like that.'];
  if (status === 401)
    return ['host-unauthorised', `Give ${host} a token that is valid: it may have expired.`];
  if (status === 403) {
    return [
      'host-forbidden',
      'Give the token the scope `api` and its user the role Developer in the project.',
    ];
  }
  if (status === 404) {
    return [
      'host-not-found',
      'Check that it exists, and that the user of the token is a member of the project.',
    ];
  }
  if (status >= 300 && status < 400) {
    return [
      'host-redirect',
      `Configure the address that answers itself: ${originOf(answer) ?? 'see Location'}.`,
    ];
  }
  return ['host-refused', 'Read the reason that the host gives; trying again does not help.'];
}

function originOf(answer: HttpAnswer): string | undefined {
  const location = answer.headers['location'];
  if (location === undefined || !URL.canParse(location, answer.url.href)) return undefined;
  return new URL(location, answer.url.href).origin;
}
