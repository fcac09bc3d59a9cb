import type { Dispatcher } from 'undici';

import { describeNetworkError, networkTrouble } from './network-trouble.ts';
import type { NetworkTrouble } from './network-trouble.ts';
import { readBody } from './read-body.ts';

/** Milliseconds. The time to connect belongs to the dispatcher (`createDispatchers`). */
export interface Timeouts {
  /** From sending the request to the last header. */
  readonly headersMs: number;
  /** Between two pieces of the body. */
  readonly bodyMs: number;
  /** The whole body. */
  readonly totalMs: number;
}

/** 15 s for the headers and between pieces of the body, two minutes for all of it. */
export const defaultTimeouts: Timeouts = { headersMs: 15_000, bodyMs: 15_000, totalMs: 120_000 };

/** One request, sent once; sizes in bytes. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  /** Names lower-case. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Cap on the answer's body. */
  readonly maxBytes: number;
  readonly timeouts?: Timeouts;
  /** Redirects to follow, for GET and HEAD; none unless asked. */
  readonly redirects?: number;
}

/** A whole answer, whatever its status. */
export interface HttpAnswer {
  readonly kind: 'answer';
  readonly status: number;
  /** Names lower-case; of repeated headers the first. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** The body is longer than `maxBytes`; `body` holds what was read of it, perhaps nothing. */
  readonly cut: boolean;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** What another origin may be told when a redirect leads there: everything else could be a credential. */
const harmless = new Set(['accept', 'accept-language', 'range', 'user-agent']);
const redirecting = new Set([301, 302, 303, 307, 308]);

/** One request, one answer. Abort throws the signal's reason; network trouble is a value. */
export async function request(
  dispatcher: Dispatcher,
  wanted: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer | NetworkTrouble> {
  let { url, headers } = wanted;
  for (let left = wanted.redirects ?? 0; ; left -= 1) {
    const answer = await send(dispatcher, { ...wanted, url, headers: headers ?? {} }, signal);
    if (answer.kind === 'trouble' || wanted.redirects === undefined || !redirecting.has(answer.status))
      return answer;
    const next = followed(wanted.method, answer);
    if (next === undefined || left <= 0) return networkTrouble('redirects', url.host, String(answer.status));
    if (next.origin !== url.origin) {
      headers = Object.fromEntries(Object.entries(headers ?? {}).filter(([name]) => harmless.has(name)));
    }
    url = next;
  }
}

async function send(
  dispatcher: Dispatcher,
  wanted: HttpRequest,
  signal: AbortSignal,
): Promise<HttpAnswer | NetworkTrouble> {
  const { method, url, maxBytes, timeouts = defaultTimeouts } = wanted;
  signal.throwIfAborted();
  try {
    const answer = await dispatcher.request({
      method,
      origin: url.origin,
      path: url.pathname + url.search,
      headers: wanted.headers ?? {},
      body: wanted.body ?? null,
      // undici closes the connection after HEAD unless told otherwise: a handshake for every object that is asked for.
      reset: false,
      signal,
      headersTimeout: timeouts.headersMs,
      bodyTimeout: timeouts.bodyMs,
    });
    const headers = firstOfEach(answer.headers);
    const base = { kind: 'answer', status: answer.statusCode, headers, url } as const;
    if (method !== 'HEAD' && Number(headers['content-length']) > maxBytes) {
      answer.body.on('error', () => {}).destroy();
      return { ...base, body: Buffer.alloc(0), cut: true };
    }
    const body = await readBody(answer.body, maxBytes, timeouts.totalMs);
    return { ...base, body: body.bytes, cut: body.cut };
  } catch (thrown) {
    signal.throwIfAborted();
    return describeNetworkError(thrown, url.host);
  }
}

function followed(method: HttpRequest['method'], answer: HttpAnswer): URL | undefined {
  const location = answer.headers['location'];
  if (location === undefined || (method !== 'GET' && method !== 'HEAD')) return undefined;
  if (!URL.canParse(location, answer.url.href)) return undefined;
  const next = new URL(location, answer.url.href);
  const downgraded = answer.url.protocol === 'https:' && next.protocol !== 'https:';
  if (downgraded || (next.protocol !== 'https:' && next.protocol !== 'http:')) return undefined;
  return next;
}

function firstOfEach(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const first: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const one = Array.isArray(value) ? value[0] : value;
    if (one !== undefined) first[name] = one;
  }
  return first;
}
