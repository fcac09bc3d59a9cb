import { createHash } from 'node:crypto';

import { isRegion } from '../../../domain/s3-location.ts';
import type { NetworkTrouble } from '../../../net/network-trouble.ts';
import { defaultTimeouts, request } from '../../../net/request.ts';
import type { HttpAnswer, Timeouts } from '../../../net/request.ts';
import type { StoreTrouble } from '../../../ports/object-store.ts';
import type { S3Credentials } from '../credentials/credentials.ts';
import { trouble } from '../trouble.ts';
import { regionOfEndpoint, s3UrlOf } from './address.ts';
import { readError } from './answers.ts';
import { withAttempts } from './attempts.ts';
import type { S3Deps, S3Learned, S3StoreConfig } from './config.ts';
import { emptyBodyHash, signV4 } from './sign.ts';

/** A request about an object, or about the bucket where `key` is undefined. */
export interface S3Wanted {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** The whole key in the bucket. */
  readonly key: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is sent; its digest is signed, or sent along where nothing is signed, so that the store verifies it. */
  readonly body?: Buffer;
  /** SHA-256 of the body in hex, where it is known already. */
  readonly bodyHash?: string;
  readonly maxBytes: number;
}

/** The requests of one operation, signed with one set of credentials. */
export interface S3Session {
  readonly bucket: string;
  /** The region in use; changes when S3 names another. */
  region(): string;
  now(): Date;
  /** An answer that is worth reading, after repetitions; or why none could be had. */
  send(wanted: S3Wanted, signal: AbortSignal): Promise<HttpAnswer | StoreTrouble>;
}

/** Finds the credentials; without any nothing can be asked. */
export async function openSession(
  config: S3StoreConfig,
  deps: S3Deps,
  learned: S3Learned,
): Promise<S3Session | StoreTrouble> {
  const found = await config.credentials();
  if (found.kind === 'unsupported') return trouble('unsupported', found.message);
  const { credentials } = found;
  const { bucket } = config.location;
  const first = config.region ?? regionOfEndpoint(config.server.endpoint) ?? found.region ?? 'us-east-1';
  const region = () => learned.region ?? first;
  const tls = await config.tls();
  if ('kind' in tls) return trouble('unsupported', tls.message);
  const dispatcher = await deps.dispatchers.for(tls);

  function ask(wanted: S3Wanted, signal: AbortSignal): Promise<HttpAnswer | StoreTrouble> {
    const url = s3UrlOf(config.server, { bucket, region: region(), key: wanted.key }, wanted.query);
    const { method, maxBytes, body } = wanted;
    const timeouts = timeoutsOf(wanted, config.timeouts ?? defaultTimeouts);
    const bodyHash = wanted.bodyHash ?? hashOf(body);
    return withAttempts(deps, url.host, signal, async () => {
      const by = { credentials, region: region(), now: deps.clock.now() };
      const headers = signed(wanted, { url, bodyHash }, by);
      const sent = { method, url, headers, maxBytes, timeouts, ...(body && { body }) };
      return withoutLateError(method, await request(dispatcher, sent, signal));
    });
  }

  return {
    bucket,
    region,
    now: () => deps.clock.now(),
    async send(wanted, signal) {
      const asked = region();
      const answer = await ask(wanted, signal);
      if (answer.kind === 'unknown') return answer;
      const named = regionNamedBy(answer);
      if (named === undefined || named === asked) return answer;
      learned.region = named;
      return ask(wanted, signal);
    },
  };
}

function hashOf(body: Buffer | undefined): string {
  return body === undefined ? emptyBodyHash : createHash('sha256').update(body).digest('hex');
}

/** Bodies take longer, and so does putting parts together: eight times as long, two minutes by default. */
function timeoutsOf({ method }: S3Wanted, timeouts: Timeouts): Timeouts {
  if (method !== 'PUT' && method !== 'POST') return timeouts;
  const { headersMs, bodyMs, totalMs } = timeouts;
  return { headersMs: headersMs * 8, bodyMs: bodyMs * 8, totalMs: totalMs * 8 };
}

/** S3 may say 200 before it has put parts together; an error in that answer's body is a 500 that came late. */
function withoutLateError(
  method: S3Wanted['method'],
  answer: HttpAnswer | NetworkTrouble,
): HttpAnswer | NetworkTrouble {
  if (method !== 'POST' || answer.kind === 'trouble' || answer.status !== 200) return answer;
  return readError(answer.body.toString()) === undefined ? answer : { ...answer, status: 500 };
}

function signed(
  wanted: S3Wanted,
  what: { readonly url: URL; readonly bodyHash: string },
  by: { readonly credentials: S3Credentials; readonly region: string; readonly now: Date },
): Readonly<Record<string, string>> {
  const { headers = {}, method, body } = wanted;
  if (by.credentials.kind === 'keys')
    return signV4({ ...what, method, headers }, by.credentials, by.region, by.now);
  if (body === undefined) return headers;
  return { ...headers, 'content-md5': createHash('md5').update(body).digest('base64') };
}

/** Where S3 says that the bucket is: in a header, or in the error of a request signed for another region. */
function regionNamedBy(answer: HttpAnswer): string | undefined {
  if (answer.status !== 301 && answer.status !== 307 && answer.status !== 400) return undefined;
  const named = answer.headers['x-amz-bucket-region'] ?? readError(answer.body.toString())?.region;
  return isRegion(named) ? named : undefined;
}
