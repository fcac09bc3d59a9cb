import type { IncomingMessage, ServerResponse } from 'node:http';
import { createFaults, type Faults } from '../../faults.ts';
import { headerRecord, readBody, readable } from '../../loopback.ts';
import { createRecent } from '../../recent.ts';
import { authenticate, type Caller } from '../access.ts';
import { Refusal } from '../refusal.ts';
import { fullName, type World } from '../world.ts';
import type { Answer, Route } from './call.ts';
import { answerWith } from './answer-with.ts';
import type { ApiFault, ApiRequest } from './faults.ts';
import { countRequest, limitHeaders, limitsOf } from './limits.ts';
import { readBodyFields } from './params.ts';
import { createRouter } from './router.ts';

/** The REST API. */
export interface Api {
  /** `target` starts behind `prefix`, which is empty or `/api/v3`. */
  serve(
    incoming: IncomingMessage,
    response: ServerResponse,
    at: { prefix: string; target: string },
  ): Promise<void>;
  readonly faults: Faults<ApiRequest, ApiFault>;
  /** The newest requests, oldest first. */
  readonly requests: readonly ApiRequest[];
  observe(listener: (request: ApiRequest) => void): () => void;
}

/** A request, read. */
interface Incoming {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly base: string;
}

const maxBodyBytes = 32 * 1024 * 1024;
const versions = ['2022-11-28', '2026-03-10'];

/** Serves the routes. */
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

  async function serve(
    incoming: IncomingMessage,
    response: ServerResponse,
    at: { prefix: string; target: string },
  ): Promise<void> {
    const url = new URL(at.target, 'http://localhost');
    const headers = headerRecord(incoming);
    const body = await readBody(incoming, maxBodyBytes);
    if (body === undefined) return send(response, { status: 413 });
    const request: ApiRequest = {
      method: incoming.method ?? 'GET',
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers,
      body: readable(body),
      status: 0,
      answer: undefined,
    };
    const fault = faults.take(request);
    const base = world.url + at.prefix;
    const sent = await answerWith(world, fault, () =>
      respond({ method: request.method, url, headers, body, base }),
    );
    const done = { ...request, status: sent?.status ?? 0, answer: sent?.body };
    seen.add(done);
    for (const listener of listeners) listener(done);
    if (sent !== undefined) send(response, sent);
    else if (fault?.kind === 'drop') response.destroy();
    return undefined;
  }

  async function respond(incoming: Incoming): Promise<Answer> {
    let caller: Caller = { kind: 'nobody' };
    let answer: Answer;
    try {
      requireHeaders(incoming.headers);
      caller = authenticate(world, incoming.headers);
      answer = await call(incoming, caller);
    } catch (error) {
      answer = refused(error);
    }
    const limits = incoming.url.pathname === '/app' ? undefined : limitHeaders(limitsOf(world, caller));
    return { ...answer, headers: { ...limits, ...commonHeaders(incoming), ...answer.headers } };
  }

  function commonHeaders(incoming: Incoming): Readonly<Record<string, string>> {
    const enterprise =
      world.enterprise === undefined ? {} : { 'x-github-enterprise-version': world.enterprise };
    const version = incoming.headers['x-github-api-version'] ?? '2022-11-28';
    return { date: world.now().toUTCString(), 'x-github-api-version-selected': version, ...enterprise };
  }

  async function call(incoming: Incoming, caller: Caller): Promise<Answer> {
    const { method, url, headers, base } = incoming;
    const target = throughId(url.pathname);
    const routed = find(method, target);
    if (routed === undefined) throw new Refusal(404, { message: 'Not Found' });
    countRequest(world, caller, method === 'POST' && /\/(?:comments|check-runs|statuses)/.test(target));
    const params = method === 'GET' ? Object.fromEntries(url.searchParams) : readBodyFields(incoming.body);
    return routed.route.handle({
      caller,
      path: routed.path,
      query: url.searchParams,
      params,
      headers,
      method,
      target,
      base,
    });
  }

  /** `/repositories/7/pulls` is `/repos/acme/auto-mpg/pulls`: where redirects of renamed ones lead. */
  function throughId(path: string): string {
    const found = /^\/repositories\/(\d+)(\/.*)?$/.exec(path);
    const repository = world.repositories.find((entry) => String(entry.id) === found?.[1]);
    return repository === undefined ? path : `/repos/${fullName(repository)}${found?.[2] ?? ''}`;
  }
}

function requireHeaders(headers: Readonly<Record<string, string>>): void {
  if ((headers['user-agent'] ?? '') === '')
    throw new Refusal(403, { message: 'Request forbidden by administrative rules.' });
  const version = headers['x-github-api-version'];
  if (version !== undefined && !versions.includes(version))
    throw new Refusal(400, { message: `Version "${version}" is not supported.` });
}

function refused(error: unknown): Answer {
  if (error instanceof Refusal) return { status: error.status, body: error.body, headers: error.headers };
  if (error instanceof URIError) return { status: 400, body: { message: 'Bad Request' } };
  return { status: 500, body: { message: 'Server Error', sandbox: String(error) } };
}

function send(response: ServerResponse, answer: Answer): void {
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const type = answer.body === undefined ? {} : { 'content-type': 'application/json; charset=utf-8' };
  response.writeHead(answer.status, { ...type, ...answer.headers });
  response.end(body);
}
