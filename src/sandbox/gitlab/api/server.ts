import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type Faults } from '../../faults.ts';
import { headerRecord, readBody, readable } from '../../loopback.ts';
import { createRecent } from '../../recent.ts';
import { authenticate, requireScope } from '../access.ts';
import { Refusal } from '../refusal.ts';
import type { World } from '../world.ts';
import type { Answer, Route } from './call.ts';
import type { ApiFault, ApiRequest } from './faults.ts';
import { readParams } from './params.ts';
import { createRouter, type Routed } from './router.ts';

/** The REST API. */
export interface Api {
  serve(incoming: IncomingMessage, response: ServerResponse, target: string): Promise<void>;
  readonly faults: Faults<ApiRequest, ApiFault>;
  /** The newest requests, oldest first. */
  readonly requests: readonly ApiRequest[];
  observe(listener: (request: ApiRequest) => void): () => void;
}

const prefix = '/api/v4';
const maxBodyBytes = 32 * 1024 * 1024;

/** Serves the routes below `/api/v4`. */
export function createApi(world: World, routes: readonly Route[]): Api {
  const find = createRouter(routes);
  const faults = createFaults<ApiRequest, ApiFault>();
  const seen = createRecent<ApiRequest>(5_000);
  const listeners = new Set<(request: ApiRequest) => void>();
  return { serve, faults, requests: seen.entries, observe };

  function observe(listener: (request: ApiRequest) => void): () => void {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  async function serve(incoming: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    const url = new URL(target, 'http://localhost');
    const headers = headerRecord(incoming);
    const body = await readBody(incoming, maxBodyBytes);
    if (body === undefined) return send(response, { status: 413 });
    const method = incoming.method ?? 'GET';
    const query = Object.fromEntries(url.searchParams);
    const request: ApiRequest = {
      method,
      path: url.pathname,
      query,
      headers,
      body: readable(body),
      status: 0,
    };
    const fault = faults.take(request);
    const sent = await answerWith(fault, () => respond(method, url, headers, body));
    report({ ...request, status: sent?.status ?? 0 });
    if (sent !== undefined) send(response, sent);
    else if (fault?.kind === 'drop') response.destroy();
  }

  async function respond(
    method: string,
    url: URL,
    headers: ApiRequest['headers'],
    body: Buffer,
  ): Promise<Answer> {
    try {
      const routed = find(method, url.pathname.slice(prefix.length));
      if (routed === 'no-route') return { status: 404, body: { error: '404 Not Found' } };
      if (routed === 'no-method') return { status: 405, body: { error: '405 Not Allowed' } };
      return await call(routed, url, headers, body);
    } catch (error) {
      if (error instanceof URIError) return { status: 400, body: { error: '400 Bad Request' } };
      if (error instanceof Refusal) return { status: error.status, body: error.body };
      return { status: 500, body: { message: '500 Internal Server Error', sandbox: String(error) } };
    }
  }

  async function call(
    routed: Routed,
    url: URL,
    headers: ApiRequest['headers'],
    body: Buffer,
  ): Promise<Answer> {
    const caller = authenticate(world, headers);
    requireScope(caller, routed.route.method);
    if (routed.route.method !== 'GET' && caller.user === undefined)
      return { status: 401, body: { message: '401 Unauthorized' } };
    const params = readParams(url.searchParams, headers['content-type'] ?? 'application/json', body);
    return routed.route.handle({ caller, path: routed.path, query: url.searchParams, params, headers });
  }

  function report(request: ApiRequest): void {
    seen.add(request);
    for (const listener of listeners) listener(request);
  }
}

/** The answer under a fault; undefined where none is sent. */
async function answerWith(
  fault: ApiFault | undefined,
  respond: () => Promise<Answer>,
): Promise<Answer | undefined> {
  switch (fault?.kind) {
    case undefined:
      return respond();
    case 'status':
      return { status: fault.status, body: { message: `${fault.status} Internal Server Error` } };
    case 'rate-limited': {
      const resetTime = new Date(Date.now() + fault.retryAfter * 1000).toUTCString();
      const headers = {
        'retry-after': String(fault.retryAfter),
        'ratelimit-resettime': resetTime,
        'content-type': 'text/plain',
      };
      return { status: 429, body: 'Retry later\n', headers };
    }
    case 'applied-then-502':
      await respond();
      return {
        status: 502,
        body: '<html><body>502 Bad Gateway</body></html>',
        headers: { 'content-type': 'text/html' },
      };
    case 'hang':
    case 'drop':
      return undefined;
    default:
      throw new Error(`unknown fault ${String(fault satisfies never)}`);
  }
}

function send(response: ServerResponse, answer: Answer): void {
  const limits = { 'ratelimit-limit': '2000', 'ratelimit-remaining': '1999', 'ratelimit-observed': '1' };
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const type = answer.body === undefined ? {} : { 'content-type': 'application/json' };
  response.writeHead(answer.status, { ...limits, ...type, ...answer.headers });
  response.end(body);
}
