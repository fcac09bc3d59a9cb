import type { Octokit } from '@octokit/core';
import { z } from 'zod';
import { RetryableError } from '../../errors.ts';
import { isAnswer } from '../../net/host-answer.ts';
import type { Dispatchers, TlsSettings } from '../../net/dispatchers.ts';
import type { Timeouts } from '../../net/request.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObserveHostRequest } from '../../ports/telemetry.ts';
import { apiUrlOf } from './addresses.ts';
import { createFetch } from './fetch-once.ts';
import { createHoldBack } from './hold-back.ts';
import { isRateLimit, mapAnswer, tokenRoute, type Refusal } from './map-answer.ts';
import { createAuthorise } from './tokens.ts';
import type { Authorise, Authority, GithubCredentials } from './tokens.ts';

/** Where a GitHub is and who we are there. */
export interface GithubClientConfig {
  /** The host's id in the server's configuration. */
  readonly id: string;
  /** As people open it: `https://github.com`, or the address of an Enterprise Server. */
  readonly url: string;
  readonly credentials: GithubCredentials;
  readonly tls?: TlsSettings | undefined;
  readonly timeouts?: Timeouts | undefined;
}

/** What a client needs of the world. */
export interface GithubClientDeps {
  readonly clock: Clock;
  readonly dispatchers: Dispatchers;
  /** Told of every request; undefined: nobody wants to know. */
  readonly observe?: ObserveHostRequest | undefined;
}

/** One request: a route of the REST description, its parameters, and on whose behalf it is made. */
export interface Call {
  /** `GET /repos/{owner}/{repo}/pulls/{pull_number}` */
  readonly route: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly as: Authority;
}

/** What came of it. */
export interface Answer {
  readonly data: unknown;
  /** Names lower-case. */
  readonly headers: Readonly<Record<string, string | number | undefined>>;
}

/** One GitHub. Every request is one attempt. */
export interface GithubClient {
  readonly id: string;
  readonly credentials: GithubCredentials;
  /** The value of an `authorization` header for others than us. @throws as `send`. */
  authorise(as: Authority, fresh: boolean, signal: AbortSignal): Promise<string>;
  /** @throws what `mapAnswer` makes of a refusal; RetryableError for network trouble; the signal's reason. */
  send(call: Call, signal: AbortSignal): Promise<Answer>;
}

const defaultTimeouts: Timeouts = { headersMs: 30_000, bodyMs: 15_000, totalMs: 60_000 };

/** The REST version that our requests and answers are written for (specs git-hosts 4.1). */
const apiVersion = '2022-11-28';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** @octokit/core without plugins that repeat or wait: the queue repeats, and it is told when. */
export function createGithubClient(config: GithubClientConfig, deps: GithubClientDeps): GithubClient {
  const host = `GitHub ${config.id}`;
  const line = {
    host,
    dispatchers: deps.dispatchers,
    tls: config.tls ?? {},
    timeouts: config.timeouts ?? defaultTimeouts,
  };
  const holdBack = createHoldBack(host, deps.clock);
  const fetchOnce = createFetch(line);
  let opening: Promise<Opened> | undefined;
  const open = (): Promise<Opened> => (opening ??= openLibrary(config, fetchOnce));

  /** Nothing is asked conditionally, so that nothing is cached. */
  function tell(endpoint: string, code: number | undefined, left: unknown): void {
    const remaining = /^\d{1,9}$/.test(String(left)) ? Number(left) : undefined;
    deps.observe?.({ host: config.id, endpoint, code, cached: false, remaining });
  }

  /** What was thrown, as trouble that we know; what a limit says is noted for all who ask on the same behalf. */
  function troubleOf(thrown: unknown, what: string, as: Authority): unknown {
    const refusal = toRefusal(thrown, { host, what, now: deps.clock.now() });
    if (refusal === undefined)
      return thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown;
    const trouble = mapAnswer(refusal);
    if (isRateLimit(refusal) && trouble instanceof RetryableError) holdBack.wait(as, trouble.retryAfter ?? 0);
    return trouble;
  }

  async function attempt({ route, parameters, as }: Call, fresh: boolean, signal: AbortSignal) {
    signal.throwIfAborted();
    holdBack.check(as);
    try {
      const { request, authorise } = await open();
      const authorization = await authorise(as, fresh);
      const headers = { authorization, 'x-github-api-version': apiVersion };
      const answer = await request(route, { ...parameters, headers, request: { signal } });
      if (answer.status < 300) {
        tell(route, answer.status, answer.headers['x-ratelimit-remaining']);
        return { data: answer.data, headers: answer.headers };
      }
      throw Object.assign(new Error('redirect'), { status: answer.status, response: answer });
    } catch (thrown) {
      const refused = Thrown.safeParse(thrown);
      const { status, response } = refused.data ?? {};
      tell(route, status, response?.headers['x-ratelimit-remaining']);
      signal.throwIfAborted();
      throw troubleOf(thrown, route, as);
    }
  }

  return {
    id: config.id,
    credentials: config.credentials,
    async authorise(as, fresh, signal) {
      signal.throwIfAborted();
      holdBack.check(as);
      try {
        return await (await open()).authorise(as, fresh);
      } catch (thrown) {
        throw troubleOf(thrown, tokenRoute, as);
      }
    },
    async send(call, signal) {
      try {
        return await attempt(call, false, signal);
      } catch (thrown) {
        // A token may have been revoked before its hour was over; what was refused was not carried out.
        const mayBeOld = config.credentials.kind === 'app' && call.as.kind !== 'app';
        if (!mayBeOld || !isAnswer(thrown, 'host-unauthorised')) throw thrown;
        return attempt(call, true, signal);
      }
    },
  };
}

/** The library at work. */
interface Opened {
  readonly request: Octokit['request'];
  readonly authorise: Authorise;
}

/** Loaded with the first request: processes start that never make one. */
async function openLibrary(config: GithubClientConfig, fetchOnce: typeof fetch): Promise<Opened> {
  const { Octokit: Core } = await import('@octokit/core');
  const { request } = new Core({
    baseUrl: apiUrlOf(config.url),
    userAgent: 'modelgate',
    log: silent,
    request: { fetch: fetchOnce },
  });
  return { request, authorise: createAuthorise(config.credentials, request) };
}

/** What Octokit throws: about an answer, or wrapped around what our own `fetch` threw. */
const Thrown = z.object({
  status: z.number(),
  request: z.object({ url: z.string() }).optional(),
  response: z.object({
    headers: z.record(z.string(), z.unknown()),
    data: z.unknown(),
  }),
});

/** How a refusal gives its reason. */
const Said = z.object({ message: z.string(), documentation_url: z.string().optional() });

/** undefined: it is about no answer, or Octokit wrapped what our own `fetch` threw. */
function toRefusal(
  thrown: unknown,
  { host, what, now }: { readonly host: string; readonly what: string; readonly now: Date },
): Refusal | undefined {
  if (thrown instanceof Error && thrown.cause instanceof Error) return undefined;
  const parsed = Thrown.safeParse(thrown);
  if (!parsed.success) return undefined;
  const { status, response, request } = parsed.data;
  const isToken = request?.url.endsWith('/access_tokens') === true;
  const said = Said.safeParse(response.data);
  const plain = typeof response.data === 'string' ? response.data : '';
  const headers = Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
  );
  return {
    status,
    headers,
    what: isToken ? tokenRoute : what,
    reason: oneLine(said.success ? said.data.message : plain),
    documentation: said.success ? (said.data.documentation_url ?? '') : '',
    host,
    now,
  };
}

/** Rate limits and proxies answer with pages of text. */
function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}

/** An answer as the schema has it. @throws RetryableError for anything else: a proxy's page, a version gone wrong. */
export function readAnswer<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RetryableError(
    `GitHub describes ${what} in an unknown way: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}
