import type { z } from 'zod';
import { RetryableError, UserError } from '../../errors.ts';
import { request, type HttpAnswer, type HttpRequest } from '../../net/request.ts';
import { defaultTimeouts, type KfpConfig, type KfpDeps } from './config.ts';
import { mapAnswer } from './map-answer.ts';
import { readSaid } from './said.ts';

/** One request to the API. */
export interface Asked {
  readonly method: 'GET' | 'POST';
  /** Below the server's address, segments encoded: `apis/v2beta1/runs`. */
  readonly path: string;
  /** Parameters; undefined ones are left out. */
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly body?: { readonly type: string; readonly bytes: string | Buffer };
}

/** What came of it. `absent` and `exists` are for the caller to judge; `error` is thrown where they are unwelcome. */
export type Got =
  | { readonly kind: 'answer'; readonly json: unknown }
  | { readonly kind: 'absent' | 'exists' | 'refused'; readonly error: Error };

/** A server, asked one request at a time: nothing is repeated here. */
export interface Line {
  readonly config: KfpConfig;
  readonly deps: KfpDeps;
  /** Names the server in messages. */
  readonly host: string;
  /** @throws RetryableError; UserError `kubeflow-unauthorised`, `kubeflow-answer-too-long`; the signal's reason. */
  ask(asked: Asked, signal: AbortSignal): Promise<Got>;
}

/** A run of thousands of tasks fits; a server gone mad does not. */
const maxBytes = 64 * 1024 * 1024;

/** Makes a line to one environment's server. */
export function createLine(config: KfpConfig, deps: KfpDeps): Line {
  const host = `Kubeflow of ${config.environment}`;
  return {
    config,
    deps,
    host,
    async ask(asked, signal) {
      signal.throwIfAborted();
      const secret = config.token?.();
      const wanted = toRequest(config, asked, secret);
      const what = `${asked.method} /${asked.path}`;
      const answer = await request(await deps.dispatchers.for(config.tls ?? {}), wanted, signal);
      if (answer.kind === 'trouble') throw new RetryableError(`${host}: ${what}: ${answer.text}`);
      if (answer.cut) throw tooLong(host, what);
      const json = parseJson(answer);
      const isJson = typeof json === 'object' && json !== null;
      if (answer.status >= 200 && answer.status < 300 && isJson) return { kind: 'answer', json };
      const said = readSaid(json, answer.body.toString('utf8', 0, 10_000), secret);
      const meaning = mapAnswer({ answer, said, json: isJson, what, host, now: deps.clock.now() });
      if (meaning.kind === 'error') throw meaning.error;
      return { kind: meaning.kind, error: meaning.error };
    },
  };
}

/** The answer's content. @throws what a refusal is as an error. */
export function answerOf(got: Got): unknown {
  if (got.kind === 'answer') return got.json;
  throw got.error;
}

/** An answer as the schema has it. @throws RetryableError for anything else: a version gone wrong. */
export function readAnswer<T>(line: Line, schema: z.ZodType<T>, json: unknown, what: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new RetryableError(
    `${line.host} describes ${what} in an unknown way: ${issue?.path.join('.')}: ${issue?.message}`,
  );
}

/** A JSON body. */
export function jsonBody(value: unknown): NonNullable<Asked['body']> {
  return { type: 'application/json', bytes: JSON.stringify(value) };
}

/** An address below another one, whose path may be a prefix. */
export function below(base: string, path: string, query: Asked['query'] = {}): URL {
  const url = new URL(`${base.replace(/\/+$/, '')}/${path}`);
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return url;
}

function toRequest(
  config: KfpConfig,
  { method, path, query, body }: Asked,
  secret: string | undefined,
): HttpRequest {
  return {
    method,
    url: below(config.url, path, query),
    headers: {
      accept: 'application/json',
      ...(secret !== undefined && { authorization: `Bearer ${secret}` }),
      ...(body && { 'content-type': body.type }),
    },
    ...(body && { body: body.bytes }),
    maxBytes,
    timeouts: config.timeouts ?? defaultTimeouts,
  };
}

function parseJson(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function tooLong(host: string, what: string): UserError {
  const remedy = 'Find out what made it so long; nothing of it was used.';
  return new UserError('kubeflow-answer-too-long', `${host}: ${what}: over ${maxBytes} bytes`, remedy);
}
