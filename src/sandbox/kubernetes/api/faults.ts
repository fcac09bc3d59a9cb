import { failure } from '../refusal.ts';
import type { Answer } from './world.ts';

/** What can go wrong with a request to the API server. */
export type KubernetesFault =
  | { readonly kind: 'status'; readonly status: FaultStatus; readonly retryAfter?: number }
  /** Carried out, but the answer is lost: the connection is cut, or 504 where a status is named. */
  | { readonly kind: 'lost'; readonly status?: 504 }
  /** No answer, until the client gives up or the sandbox closes. Nothing is carried out. */
  | { readonly kind: 'hang' }
  /** The connection is cut before anything is carried out. */
  | { readonly kind: 'drop' };

type FaultStatus = 401 | 403 | 409 | 429 | 500 | 503 | 504;

const reasons: Readonly<Record<FaultStatus, readonly [string, string]>> = {
  401: ['Unauthorized', 'Unauthorized'],
  403: ['Forbidden', 'forbidden: User cannot do this'],
  409: ['Conflict', 'the object has been modified; please apply your changes to the latest version'],
  429: ['TooManyRequests', 'too many requests, please try again later'],
  500: ['InternalError', 'Internal error occurred: etcdserver: request timed out'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
  504: ['Timeout', 'Timeout: request did not complete within requested timeout'],
};

/** The answer of a fault with a status. */
export function faultAnswer(status: FaultStatus, retryAfter?: number): Answer {
  const [reason, message] = reasons[status];
  const seconds = retryAfter === undefined ? {} : { retryAfterSeconds: retryAfter };
  const headers = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  return { status, body: failure(status, reason, message, seconds), headers };
}
