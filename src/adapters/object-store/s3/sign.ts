import { createHash, createHmac, createSecretKey } from 'node:crypto';

import { compareBytes } from '../byte-order.ts';
import type { S3Keys } from '../credentials/credentials.ts';
import { uriEncode } from './uri-encode.ts';

/** SHA-256 of an empty body. */
export const emptyBodyHash = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

/** What is signed. The path of `url` is signed as it stands: S3 does not encode twice. */
export interface Signable {
  readonly method: string;
  readonly url: URL;
  /** Further headers, names lower-case; all of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
  /** SHA-256 of the body in hex, or `UNSIGNED-PAYLOAD`. */
  readonly bodyHash: string;
}

/**
 * The headers to send, with AWS Signature Version 4 in `authorization`.
 * `host` is signed too and left to the HTTP client, which derives it from the same url.
 */
export function signV4(
  wanted: Signable,
  keys: S3Keys,
  region: string,
  now: Date,
): Readonly<Record<string, string>> {
  const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '');
  const headers: Record<string, string> = {
    ...wanted.headers,
    'x-amz-content-sha256': wanted.bodyHash,
    'x-amz-date': time,
    ...(keys.sessionToken !== undefined && { 'x-amz-security-token': keys.sessionToken }),
  };
  const signed = Object.entries({ ...headers, host: wanted.url.host }).sort(([one], [other]) =>
    compareBytes(one, other),
  );
  const names = signed.map(([name]) => name).join(';');
  const canonical = [
    wanted.method,
    wanted.url.pathname,
    canonicalQuery(wanted.url),
    ...signed.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    names,
    wanted.bodyHash,
  ].join('\n');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  );
  const signature = hmac(signingKey(keys, scope), text).toString('hex');
  const authorization = `AWS4-HMAC-SHA256 Credential=${keys.accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return { ...headers, authorization };
}

function canonicalQuery(url: URL): string {
  if (url.search === '') return '';
  return [...url.searchParams]
    .map(([name, value]) => [uriEncode(name), uriEncode(value)] as const)
    .sort(
      ([name, value], [other, otherValue]) => compareBytes(name, other) || compareBytes(value, otherValue),
    )
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function signingKey(keys: S3Keys, scope: string): Buffer {
  return scope
    .split('/')
    .reduce<Buffer>((key, part) => hmac(key, part), Buffer.from(`AWS4${keys.secretAccessKey}`));
}

/** As a key object: of a plain buffer Node finds out by an exception that it is none, which costs more than the hash. */
function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', createSecretKey(key)).update(text).digest();
}
