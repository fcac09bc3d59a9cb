import { isRegion } from '../../../domain/s3-location.ts';
import { request } from '../../../net/request.ts';
import type { HttpAnswer } from '../../../net/request.ts';
import type { StoreTrouble } from '../../../ports/object-store.ts';
import type { S3Credentials } from '../credentials/credentials.ts';
import { trouble } from '../trouble.ts';
import { regionOfEndpoint, s3UrlOf } from './address.ts';
import { readError } from './answers.ts';
import { withAttempts } from './attempts.ts';
import type { S3Deps, S3Learned, S3StoreConfig } from './config.ts';
import { emptyBodyHash, signV4 } from './sign.ts';

/** A read of an object, or of the bucket where `key` is undefined. */
export interface S3Wanted {
  readonly method: 'GET' | 'HEAD';
  /** The whole key in the bucket. */
  readonly key: string | undefined;
  readonly query: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
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
    const { timeouts } = config;
    return withAttempts(deps, url.host, signal, () => {
      const headers = signed(wanted, url, { credentials, region: region(), now: deps.clock.now() });
      const { method, maxBytes } = wanted;
      return request(dispatcher, { method, url, headers, maxBytes, ...(timeouts && { timeouts }) }, signal);
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

function signed(
  wanted: S3Wanted,
  url: URL,
  by: { readonly credentials: S3Credentials; readonly region: string; readonly now: Date },
): Readonly<Record<string, string>> {
  const headers = wanted.headers ?? {};
  if (by.credentials.kind === 'anonymous') return headers;
  const signable = { method: wanted.method, url, headers, bodyHash: emptyBodyHash };
  return signV4(signable, by.credentials, by.region, by.now);
}

/** Where S3 says that the bucket is: in a header, or in the error of a request signed for another region. */
function regionNamedBy(answer: HttpAnswer): string | undefined {
  if (answer.status !== 301 && answer.status !== 307 && answer.status !== 400) return undefined;
  const named = answer.headers['x-amz-bucket-region'] ?? readError(answer.body.toString())?.region;
  return isRegion(named) ? named : undefined;
}
