import { RetryableError } from '../../errors.ts';
import type { NetworkTrouble } from '../../net/network-trouble.ts';
import { request, type HttpAnswer, type HttpRequest } from '../../net/request.ts';
import type { Access, FindAccess } from './access/access.ts';
import type { KserveConfig, KserveDeps } from './config.ts';
import { explainAnswer } from './explain-answer.ts';
import type { Resource } from './resources.ts';

/** One request to the API server, as Roles name what it needs. */
export interface ApiCall {
  readonly verb: 'get' | 'create' | 'patch' | 'delete';
  readonly resource: Resource;
  readonly name: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * What came of it. `absent`: there is no such object; `unknown-resource`: the cluster does not know that kind;
 * `conflict`: the object is not what the call took it for.
 */
export type ApiAnswer =
  | { readonly kind: 'object'; readonly object: unknown }
  | { readonly kind: 'absent' | 'unknown-resource' | 'conflict' };

/**
 * One attempt in bounded time. @throws RetryableError, UserError `cluster-unauthorised`, `cluster-refused` and
 * `cluster-credentials`; the signal's reason.
 */
export type Api = (call: ApiCall, signal: AbortSignal) => Promise<ApiAnswer>;

/** An object has 1.5 MiB at most in a cluster, and comes with the history of its fields. */
const maxBytes = 8 * 1024 * 1024;

const methods = { get: 'GET', create: 'POST', patch: 'PATCH', delete: 'DELETE' } as const;

/** Requests to the API server of an environment, through our own client: capped, abortable, never repeated. */
export function createApi(config: KserveConfig, deps: KserveDeps, access: FindAccess): Api {
  const { environment, namespace, timeouts } = config;
  return async (call, signal) => {
    signal.throwIfAborted();
    const found = await access.find(signal);
    const dispatcher = await deps.dispatchers.for(found.tls);
    const wanted = { ...toRequest(call, namespace, found), maxBytes, ...(timeouts && { timeouts }) };
    const answer = await request(dispatcher, wanted, signal);
    const words = { ...call, environment, namespace };
    if (answer.kind === 'trouble') throw unreachable(environment, answer);
    if (answer.status === 401) access.forget();
    const object = answer.cut ? undefined : parseJson(answer);
    if (answer.status >= 200 && answer.status < 300 && object !== undefined)
      return { kind: 'object', object };
    return explainAnswer({ answer, object, call: words, now: deps.clock.now(), secret: secretOf(found) });
  };
}

/** The address of one object, or of its collection where it is to be created. */
function toRequest(call: ApiCall, namespace: string, access: Access): Omit<HttpRequest, 'maxBytes'> {
  const { group, version, plural } = call.resource;
  const parts = ['apis', group, version, 'namespaces', namespace, plural];
  const path = [...parts, ...(call.verb === 'create' ? [] : [call.name])].map(encodeURIComponent).join('/');
  const url = new URL(`${access.server.pathname.replace(/\/+$/, '')}/${path}`, access.server);
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  const type = call.verb === 'patch' ? 'application/merge-patch+json' : 'application/json';
  return {
    method: methods[call.verb],
    url,
    headers: {
      ...access.headers,
      accept: 'application/json',
      'user-agent': 'modelgate',
      ...(call.body !== undefined && { 'content-type': type }),
    },
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
  };
}

function unreachable(environment: string, trouble: NetworkTrouble): RetryableError {
  const what = `the cluster of the environment ${environment}: ${trouble.text}`;
  if (trouble.cause !== 'tls') return new RetryableError(what);
  const remedy = `Give environments.${environment}.kserve.cluster.ca, or the certificates in the kubeconfig.`;
  return new RetryableError(what, { advice: { what, remedy } });
}

function parseJson(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.body.toString());
  } catch {
    return undefined;
  }
}

function secretOf(access: Access): string | undefined {
  return access.headers['authorization']?.replace(/^\w+ /, '') || undefined;
}
