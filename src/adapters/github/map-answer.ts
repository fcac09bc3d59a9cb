import { RetryableError, UserError } from '../../errors.ts';
import type { AnswerCode } from '../../net/host-answer.ts';
import { parseRetryAfter } from '../../net/retry-after.ts';

/** A refusal and what it answers. */
export interface Refusal {
  readonly status: number;
  /** Names lower-case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** Method and path template: `POST /repos/{owner}/{repo}/check-runs`. */
  readonly what: string;
  /** What GitHub says for a reason, one line. */
  readonly reason: string;
  /** Where its documentation of the reason is, if it says. */
  readonly documentation: string;
  readonly host: string;
  readonly now: Date;
}

/** How a token of an installation is made. */
export const tokenRoute = 'POST /app/installations/{installation_id}/access_tokens';

const remedies = {
  forbidden:
    'Give the App the repository and the permissions that docs/github.md lists, and let an owner of the organisation accept them.',
} as const;

const longestWaitMs = 60 * 60 * 1000;

/** Without a word of when to come back (specs git-hosts 4.1). */
const leastWaitMs = 60_000;

/** The error that an answer outside of 2xx is (specs git-hosts 4.1). */
export function mapAnswer(refusal: Refusal): Error {
  const { status, host, what, reason } = refusal;
  const message = `${host} answered ${status} to ${what}${reason === '' ? '' : `: ${reason}`}`;
  if (isRateLimit(refusal)) return new RetryableError(message, { retryAfter: readWait(refusal) });
  if (status >= 500 || status === 408 || status === 409) {
    const retryAfter = parseRetryAfter(refusal.headers['retry-after'], refusal.now, longestWaitMs);
    return new RetryableError(message, { retryAfter });
  }
  if (what === tokenRoute && (status === 404 || status === 422)) {
    // The installation is another one, or was not given the repository or a permission.
    return new UserError('host-not-installed', message, remedies.forbidden);
  }
  const [code, remedy] = explain(status, host);
  return new UserError(code, message, remedy);
}

/** Whether we asked too much. The secondary limit may come without any header: then only its documentation tells it from a missing permission. */
export function isRateLimit({ status, headers, documentation, reason }: Refusal): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const said = `${documentation} ${reason}`;
  return (
    headers['retry-after'] !== undefined ||
    headers['x-ratelimit-remaining'] === '0' ||
    /secondary[- ]rate[- ]limit/i.test(said)
  );
}

function readWait({ headers, now }: Refusal): number {
  const asked = parseRetryAfter(headers['retry-after'], now, longestWaitMs);
  if (asked !== undefined) return asked;
  const reset = Number(headers['x-ratelimit-reset']);
  if (headers['x-ratelimit-remaining'] !== '0' || !Number.isFinite(reset)) return leastWaitMs;
  return Math.min(Math.max(1000, reset * 1000 - now.getTime()), longestWaitMs);
}

function explain(status: number, host: string): [AnswerCode, string] {
  if (status === 400)
    return ['host-bad-request', 'Report this: the request should not have been made like that.'];
  if (status === 401) {
    return [
      'host-unauthorised',
      `Check the id and the private key of the App, or the token, that ${host} is configured with.`,
    ];
  }
  if (status === 403) {
    return ['host-forbidden', remedies.forbidden];
  }
  if (status === 404 || status === 410) {
    return ['host-not-found', 'Check that it exists, and that the App is installed for the repository.'];
  }
  if (status >= 300 && status < 400)
    return [
      'host-redirect',
      'The repository was renamed. An App looks its new name up; with a token, write the new path into `repositories`.',
    ];
  return ['host-refused', 'Read the reason that the host gives; trying again does not help.'];
}
