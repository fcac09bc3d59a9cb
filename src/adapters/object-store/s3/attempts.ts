import { backoffMs } from '../../../net/backoff.ts';
import type { NetworkTrouble } from '../../../net/network-trouble.ts';
import type { HttpAnswer } from '../../../net/request.ts';
import { parseRetryAfter } from '../../../net/retry-after.ts';
import type { StoreTrouble } from '../../../ports/object-store.ts';
import { trouble } from '../trouble.ts';
import { readError } from './answers.ts';
import type { S3Deps } from './config.ts';

const attempts = 3;
const backoff = { firstMs: 400, capMs: 4000 };
/** A store that asks for a longer wait is asked again by a later job, not by a sleeping one. */
const longestWaitMs = 5000;
const passing = new Set([429, 500, 502, 503, 504]);
/** What S3 says with 400 and 409 of writes that may be sent again: damaged or cut on the way, or at one time with another. */
const passingCodes = new Set([
  'BadDigest',
  'ConditionalRequestConflict',
  'IncompleteBody',
  'OperationAborted',
  'RequestTimeout',
  'XAmzContentSHA256Mismatch',
]);

/** Repeats what may pass: busy servers and lost connections, with a wait between; then it is `unreachable`. */
export async function withAttempts(
  deps: S3Deps,
  host: string,
  signal: AbortSignal,
  ask: () => Promise<HttpAnswer | NetworkTrouble>,
): Promise<HttpAnswer | StoreTrouble> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask();
    if (answer.kind === 'answer' && !isPassing(answer)) return answer;
    const text = answer.kind === 'trouble' ? answer.text : statusText(answer, host);
    const mayPass = answer.kind === 'answer' || (answer.cause !== 'tls' && answer.cause !== 'redirects');
    const wait = waitBefore(attempt + 1, answer, deps);
    if (!mayPass || attempt === attempts || wait > longestWaitMs) {
      return trouble('unreachable', attempt === 1 ? text : `${text}, ${attempt} times`);
    }
    await deps.clock.sleep(wait, signal);
  }
}

function isPassing({ status, body }: HttpAnswer): boolean {
  if (status !== 400 && status !== 409) return passing.has(status);
  return passingCodes.has(readError(body.toString())?.code ?? '');
}

function waitBefore(attempt: number, answer: HttpAnswer | NetworkTrouble, deps: S3Deps): number {
  const own = backoffMs(attempt, backoff, deps.random);
  if (answer.kind === 'trouble') return own;
  return Math.max(own, parseRetryAfter(answer.headers['retry-after'], deps.clock.now(), 3_600_000) ?? 0);
}

/** Status and code of an answer and who gave it: `503 SlowDown from s3.example.com`. */
export function statusText(answer: HttpAnswer, host = answer.url.host): string {
  const code = readError(answer.body.toString())?.code;
  return `${answer.status}${code === undefined ? '' : ` ${code}`} from ${host}`;
}
