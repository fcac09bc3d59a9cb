import type { FormattedResponse, RequestOptions } from '@gitbeaker/requester-utils';
import { RetryableError, UserError } from '../../errors.ts';
import type { NetworkTrouble } from '../../net/network-trouble.ts';
import { request } from '../../net/request.ts';
import type { HttpAnswer, HttpRequest, Timeouts } from '../../net/request.ts';
import type { Dispatchers, TlsSettings } from '../../net/dispatchers.ts';
import type { Clock } from '../../ports/clock.ts';
import type { ObserveHostRequest } from '../../ports/telemetry.ts';
import { z } from 'zod';
import { endpointTemplate } from './endpoint-template.ts';
import { mapAnswer } from './map-answer.ts';

/** What every request needs, whatever it asks. */
export interface Line {
  /** Names the host in messages: `GitLab corp`. */
  readonly host: string;
  readonly dispatchers: Dispatchers;
  readonly tls: TlsSettings;
  readonly timeouts: Timeouts;
  readonly clock: Clock;
  readonly random: () => number;
  /** Told of every request when its answer is there. */
  readonly observe: ObserveHostRequest;
  /** The host's id in the configuration. */
  readonly id: string;
}

const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** How a refusal in JSON gives its reason. */
const Said = z.object({ message: z.unknown(), error: z.unknown() }).partial();

/** A page of the longest notes fits; a host gone mad does not. */
const maxBytes = 64 * 1024 * 1024;

/**
 * One attempt at a request that gitbeaker has put together. Its own handler repeats writes ten times within a second and
 * hides the status (specs git-hosts 8.4); here the queue repeats, and it is told when.
 * @throws what `mapAnswer` makes of a refusal; RetryableError for network trouble; the signal's reason.
 */
export async function sendOnce(
  line: Line,
  endpoint: string,
  options: RequestOptions,
  signal: AbortSignal,
): Promise<FormattedResponse> {
  const wanted = toRequest(line, endpoint, options);
  const what = `${wanted.method} ${endpoint}`;
  const answer = await request(await line.dispatchers.for(line.tls), wanted, signal);
  tellOf(line, `${wanted.method} ${endpointTemplate(endpoint)}`, answer);
  if (answer.kind === 'trouble') throw new RetryableError(`${line.host}: ${what}: ${answer.text}`);
  if (answer.cut) {
    const remedy = 'Find out what made it so long; nothing of it was used.';
    throw new UserError('host-answer-too-long', `${line.host}: ${what}: over ${maxBytes} bytes`, remedy);
  }
  if (answer.status < 200 || answer.status > 299) {
    const reason = readReason(answer, wanted.headers ?? {});
    const { host, clock, random } = line;
    throw mapAnswer({ answer, what, reason, host, now: clock.now(), random });
  }
  return { body: readBody(line, what, answer), headers: { ...answer.headers }, status: answer.status };
}

/** The headers are GitLab's own (specs git-hosts 4.2); nothing is asked conditionally, so that nothing is cached. */
function tellOf({ id, observe }: Line, endpoint: string, answer: HttpAnswer | NetworkTrouble): void {
  const code = answer.kind === 'answer' ? answer.status : undefined;
  const remaining = answer.kind === 'answer' ? answer.headers['ratelimit-remaining'] : undefined;
  observe({
    host: id,
    endpoint,
    code,
    cached: false,
    remaining: remaining !== undefined && /^\d{1,9}$/.test(remaining) ? Number(remaining) : undefined,
  });
}

function toRequest(line: Line, endpoint: string, options: RequestOptions): HttpRequest {
  const prefix = options.prefixUrl ?? '';
  const url = new URL(endpoint, prefix.endsWith('/') ? prefix : `${prefix}/`);
  url.search = options.searchParams ?? '';
  const { 'content-type': type, ...headers } = options.headers ?? {};
  // gitbeaker gives a DELETE the body `{}`, which the API does not know.
  const body = typeof options.body === 'string' && options.body !== '{}' ? options.body : undefined;
  return {
    method: methods.find((method) => method === options.method) ?? 'GET',
    url,
    headers: { accept: 'application/json', ...headers, ...(body && type && { 'content-type': type }) },
    ...(body && { body }),
    maxBytes,
    timeouts: line.timeouts,
  };
}

/** Rate limits and proxies answer in plain text, whatever was asked for (specs git-hosts 4.2). */
function readBody(line: Line, what: string, answer: HttpAnswer): FormattedResponse['body'] {
  if (answer.body.length === 0) return null;
  const body = parseJson(answer);
  if (body !== undefined) return body;
  throw new RetryableError(`${line.host} answered ${what} with something that is no JSON`);
}

function parseJson(answer: HttpAnswer): FormattedResponse['body'] | undefined {
  try {
    return JSON.parse(answer.body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What GitLab gives for a reason: one line, cut, and never the token, even if a proxy repeats what it was sent. */
function readReason(answer: HttpAnswer, headers: Readonly<Record<string, string>>): string {
  const json = Said.safeParse(parseJson(answer));
  const said = json.success
    ? (json.data.message ?? json.data.error ?? '')
    : answer.body.toString('utf8', 0, 1000);
  const text = typeof said === 'string' ? said : JSON.stringify(said);
  const token = headers['private-token'];
  const clean = token ? text.replaceAll(token, '…') : text;
  return clean.replace(/\s+/g, ' ').trim().slice(0, 200);
}
