import { RetryableError, UserError } from '../../errors.ts';
import type { Dispatchers, TlsSettings } from '../../net/dispatchers.ts';
import { request, type HttpRequest, type Timeouts } from '../../net/request.ts';

/** How a host is reached. */
export interface Line {
  /** Names the host in messages: `GitHub acme`. */
  readonly host: string;
  readonly dispatchers: Dispatchers;
  readonly tls: TlsSettings;
  readonly timeouts: Timeouts;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A page of the longest comments fits; a host gone mad does not. */
const maxBytes = 64 * 1024 * 1024;

/** Statuses that a `Response` may not have a body with. */
const bodyless = new Set([204, 205, 304]);

/**
 * `fetch` for Octokit: one attempt over our own connections, bounded in time and size, redirects not followed.
 * @throws RetryableError for network trouble; the signal's reason. Octokit wraps what is thrown here.
 */
export function createFetch(line: Line): typeof fetch {
  return async (input, init = {}) => {
    const wanted = toRequest(new Request(input).url, init, line.timeouts);
    const what = `${wanted.method} ${wanted.url.pathname}`;
    const signal = init.signal ?? new AbortController().signal;
    const answer = await request(await line.dispatchers.for(line.tls), wanted, signal);
    if (answer.kind === 'trouble') throw new RetryableError(`${line.host}: ${what}: ${answer.text}`);
    if (answer.cut) {
      const remedy = 'Find out what made it so long; nothing of it was used.';
      throw new UserError('host-answer-too-long', `${line.host}: ${what}: over ${maxBytes} bytes`, remedy);
    }
    const body = bodyless.has(answer.status) ? null : new Uint8Array(answer.body);
    return new Response(body, { status: answer.status, headers: answer.headers });
  };
}

function toRequest(url: string, init: RequestInit, timeouts: Timeouts): HttpRequest {
  const method = methods.find((one) => one === init.method) ?? 'GET';
  const headers = Object.fromEntries(new Headers(init.headers));
  const body = typeof init.body === 'string' ? init.body : undefined;
  return { method, url: new URL(url), headers, ...(body !== undefined && { body }), maxBytes, timeouts };
}
