import type { ServerResponse } from 'node:http';
import { envelope, Refusal } from '../refusal.ts';
import type { Answer } from './call.ts';

/** What can go wrong with a request. */
export type KubeflowFault =
  /** Answered before anything is done; 409 is the "bad request" that is not about names. */
  | { readonly kind: 'status'; readonly status: 409 | 429 | 500 | 502 | 503 | 504; readonly message?: string }
  /** Carried out, but the answer is lost. */
  | { readonly kind: 'lost'; readonly answer?: 'drop' | 'bad-gateway' }
  /** Nothing is done, and no answer comes until the client gives up or the sandbox closes. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' }
  /** An authentication proxy answers: with its page, or with the way to it (specs kubeflow 3.7). */
  | { readonly kind: 'login'; readonly status: 200 | 302 };

/** The answer of a fault that acts on nothing; undefined where none is sent. */
export function faultAnswer(fault: KubeflowFault): Answer | undefined {
  if (fault.kind === 'login') return loginAnswer(fault.status);
  if (fault.kind !== 'status') return undefined;
  const message = fault.message ?? 'The sandbox was told to refuse';
  const answers = {
    409: refused(new Refusal(10, `BadRequestError: ${message}`, message)),
    429: { status: 429, body: 'local_rate_limited', headers: { ...text, 'retry-after': '2' } },
    500: refused(new Refusal(13, `InternalServerError: ${message}`, 'Internal Server Error')),
    502: badGateway,
    503: refused(new Refusal(14, `ServiceUnavailable: ${message}`, message)),
    504: gatewayTimeout,
  };
  return answers[fault.status];
}

const text = { 'content-type': 'text/plain' };
const html = { 'content-type': 'text/html; charset=utf-8' };

/** What a gateway says when the server's answer was no answer. */
export const badGateway: Answer = {
  status: 502,
  body: '<html><head><title>502 Bad Gateway</title></head></html>\n',
  headers: html,
};

/** What a gateway says when the server takes too long. */
export const gatewayTimeout: Answer = { status: 504, body: 'upstream request timeout', headers: text };

function refused(refusal: Refusal): Answer {
  return { status: refusal.status, body: envelope(refusal) };
}

function loginAnswer(status: 200 | 302): Answer {
  if (status === 302)
    return { status, body: '', headers: { ...html, location: '/dex/auth?client_id=kubeflow' } };
  return {
    status,
    body: '<!DOCTYPE html><html><title>Log in to Your Account</title></html>\n',
    headers: html,
  };
}

/** Sends an answer. */
export function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const own = typeof body === 'string' ? body : JSON.stringify(body);
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(own);
}
