import { RetryableError } from '../../errors.ts';
import type { Dispatchers, TlsSettings } from '../../net/dispatchers.ts';
import { request } from '../../net/request.ts';
import type { HttpAnswer, HttpRequest, Timeouts } from '../../net/request.ts';

/** What a request to a host goes through: its certificates, the proxy, caps and time limits. */
export interface Way {
  /** Names the host in messages: `GitLab corp`. */
  readonly host: string;
  readonly dispatchers: Dispatchers;
  readonly tls: TlsSettings;
}

/** A person waits in front of a browser. */
const timeouts: Timeouts = { headersMs: 8000, bodyMs: 5000, totalMs: 8000 };

/** Descriptions, keys, tokens and profiles are small. */
const maxBytes = 1024 * 1024;

/** One attempt. @throws RetryableError for network trouble, an answer too long and a 5xx; the signal's reason. */
export async function askHost(
  way: Way,
  wanted: Omit<HttpRequest, 'maxBytes' | 'timeouts'>,
  signal: AbortSignal,
): Promise<HttpAnswer> {
  const what = `${wanted.method} ${wanted.url.pathname}`;
  const dispatcher = await way.dispatchers.for(way.tls);
  const answer = await request(dispatcher, { ...wanted, maxBytes, timeouts }, signal);
  if (answer.kind === 'trouble') throw new RetryableError(`${way.host}: ${what}: ${answer.text}`);
  if (answer.cut)
    throw new RetryableError(`${way.host}: ${what}: the answer is longer than ${maxBytes} bytes`);
  if (answer.status >= 500 || answer.status === 429)
    throw new RetryableError(`${way.host} answered ${answer.status} to ${what}`);
  return answer;
}

/** The options that a library hands to `fetch`, as far as they are sent. */
interface FetchOptions {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** `fetch` for a library, so that its requests go the same way as ours. Redirects are not followed. */
export function createFetch(way: Way): (url: string, options: FetchOptions) => Promise<Response> {
  return async (url, { method, headers, body, signal }) => {
    const wanted = {
      method: method === 'POST' ? 'POST' : 'GET',
      url: new URL(url),
      headers: headers ?? {},
      ...(body instanceof URLSearchParams || typeof body === 'string' ? { body: body.toString() } : {}),
    } as const;
    const answer = await askHost(way, wanted, signal ?? new AbortController().signal);
    const bodyless = answer.status === 204 || answer.status === 304;
    return new Response(bodyless ? null : new Uint8Array(answer.body), {
      status: answer.status,
      headers: answer.headers,
    });
  };
}
