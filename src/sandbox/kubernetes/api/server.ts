import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Faults } from '../../faults.ts';
import { headerRecord, readBody, readable } from '../../loopback.ts';
import { authenticate, authorise, review, type Account } from './access.ts';
import { discover } from './discovery.ts';
import { faultAnswer, type KubernetesFault } from './faults.ts';
import { badRequest, failure, KubernetesRefusal, unknownPath } from '../refusal.ts';
import { patch } from './patching.ts';
import { get, list, podLog } from './reads.ts';
import { readTarget, verbOf, type AnsweredRequest, type KubernetesRequest, type Target } from './request.ts';
import type { Kind } from './kinds.ts';
import type { Watches } from './watches.ts';
import { serves, type Answer, type Call, type World } from './world.ts';
import { create, remove, update } from './writes.ts';

/** What the server needs besides its world. */
export interface ServerDeps {
  readonly tokens: ReadonlyMap<string, Account> | undefined;
  readonly watches: Watches;
  readonly faults: Faults<KubernetesRequest, KubernetesFault>;
  /** Runs a request alone, with the controllers before and after it. */
  readonly alone: <T>(task: () => T) => Promise<T>;
  readonly report: (request: AnsweredRequest) => void;
}

type Reply = Answer | ((response: ServerResponse) => void);

interface Incoming {
  readonly request: KubernetesRequest;
  readonly url: URL;
  readonly target: Target | undefined;
  readonly text: string;
  readonly authorization: string;
}

const maxBodyBytes = 3 * 1024 * 1024;
const reviewPath = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';

/** Answers one request of the API server. */
export async function serveApi(
  world: World,
  deps: ServerDeps,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const read = await readIncoming(deps, incoming);
  if ('status' in read) return send(response, read);
  const fault = deps.faults.take(read.request);
  if (fault?.kind === 'hang' || fault?.kind === 'drop') {
    deps.report({ ...read.request, status: 0 });
    if (fault.kind === 'drop') response.destroy();
    return undefined;
  }
  const reply =
    fault?.kind === 'status'
      ? faultAnswer(fault.status, fault.retryAfter)
      : await deps.alone(() => respond(world, deps, read));
  const lost = fault?.kind === 'lost' ? (fault.status ?? 0) : undefined;
  deps.report({ ...read.request, status: lost ?? (typeof reply === 'function' ? 200 : reply.status) });
  if (lost === 0) response.destroy();
  else if (lost !== undefined) send(response, faultAnswer(504));
  else if (typeof reply === 'function') reply(response);
  else send(response, reply);
  return undefined;
}

async function readIncoming(deps: ServerDeps, incoming: IncomingMessage): Promise<Incoming | Answer> {
  const headers = headerRecord(incoming);
  const body = await readBody(incoming, maxBodyBytes);
  if (body === undefined)
    return refused(new KubernetesRefusal(413, 'RequestEntityTooLarge', 'limit is 3145728'));
  const url = new URL(incoming.url ?? '/', 'http://localhost');
  const authorization = headers['authorization'] ?? '';
  const target = readTarget(url.pathname);
  const method = incoming.method ?? 'GET';
  const request: KubernetesRequest = {
    method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    verb: target === undefined ? '' : verbOf(method, target.name, url.searchParams),
    group: target?.group ?? '',
    resource: target?.resource ?? '',
    subresource: target?.subresource ?? '',
    namespace: target?.namespace ?? '',
    name: target?.name ?? '',
    contentType: headers['content-type'] ?? '',
    userAgent: headers['user-agent'] ?? '',
    body: readable(body),
    user: deps.tokens?.get(authorization.replace(/^Bearer /i, ''))?.user ?? '',
  };
  return { request, url, target, text: body.toString(), authorization };
}

function respond(world: World, deps: ServerDeps, incoming: Incoming): Reply {
  try {
    return answer(world, deps, incoming);
  } catch (error) {
    if (error instanceof KubernetesRefusal) return refused(error);
    const message = `Internal error occurred: ${String(error)}`;
    return { status: 500, body: failure(500, 'InternalError', message) };
  }
}

function refused(refusal: KubernetesRefusal): Answer {
  return { status: refusal.code, body: refusal.status };
}

function answer(world: World, deps: ServerDeps, { request, url, target, ...sent }: Incoming): Reply {
  const account = authenticate(deps.tokens, sent.authorization);
  if (url.pathname === reviewPath && request.method === 'POST') {
    return { status: 201, body: review(account, request.body) };
  }
  const found = discover(url.pathname, (kind) => serves(world, kind));
  if (found !== undefined && request.method === 'GET') return { status: 200, body: found };
  const kind = target?.kind;
  if (target === undefined || kind === undefined || !serves(world, kind)) throw unknownPath();
  authorise(account, request);
  const manager = url.searchParams.get('fieldManager') ?? request.userAgent.split('/')[0] ?? 'unknown';
  const { contentType, body } = request;
  const call = { target: { ...target, kind }, query: url.searchParams, contentType, text: sent.text, body };
  return dispatch(world, deps, request, { ...call, manager });
}

function dispatch(
  world: World,
  deps: ServerDeps,
  { verb, subresource }: KubernetesRequest,
  call: Call,
): Reply {
  const { kind, name } = call.target;
  if (kind.plural === 'pods' && subresource === 'log' && verb === 'get') return podLog(world, call);
  if (subresource !== '' && (subresource !== 'status' || !kind.status)) throw unknownPath();
  if (verb === 'get') return get(world, call);
  if (verb === 'list') return list(world, call);
  if (verb === 'watch') return deps.watches.open(call);
  if (kind.readOnly || (name === '') !== (verb === 'create')) throw notAllowed();
  if (kind.namespaced && call.target.namespace === '') throw badRequest('namespace is required');
  return write(world, verb, call, kind);
}

function write(world: World, verb: string, call: Call, kind: Kind): Answer {
  switch (verb) {
    case 'create':
      return create(world, call);
    case 'update':
      return update(world, call);
    case 'patch':
      return patch(world, call);
    case 'delete':
      return remove(world, call);
    default:
      throw new KubernetesRefusal(405, 'MethodNotAllowed', `no such verb on ${kind.plural}`);
  }
}

function notAllowed(): KubernetesRefusal {
  const message = 'the server does not allow this method on the requested resource';
  return new KubernetesRefusal(405, 'MethodNotAllowed', message);
}

function send(response: ServerResponse, { status, body, headers }: Answer): void {
  const text = typeof body === 'string' ? body : `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'audit-id': 'sandbox', ...headers });
  response.end(text);
}
