import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { accessDenied, refuse, type S3Answer } from './answer.ts';
import { decodedPath, queryPairs, type S3Request } from './request.ts';

/** Keys the server accepts. With a session token the request must carry and sign it. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** What a signature is verified against. */
export interface SignatureRules {
  readonly credentials: S3Credentials;
  /** The only region accepted in the scope; undefined accepts all. */
  readonly region: string | undefined;
  readonly now: Date;
}

/** The parts of an `Authorization: AWS4-HMAC-SHA256 …` header. */
interface Authorization {
  readonly accessKeyId: string;
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

const skewMs = 15 * 60_000;
const authorizationShape =
  /^AWS4-HMAC-SHA256\s+Credential=([^/,\s]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/;

/** Undefined when the signature holds, else the refusal S3 sends. */
export function verifySignature(request: S3Request, rules: SignatureRules): S3Answer | undefined {
  const header = request.headers['authorization'];
  if (header === undefined) return accessDenied();
  const parsed = parseAuthorization(header);
  if (parsed === undefined) {
    return refuse(400, 'AuthorizationHeaderMalformed', 'The authorization header is malformed.');
  }
  return (
    refuseScope(parsed, rules) ??
    refuseTime(request, parsed, rules.now) ??
    refuseHeaders(request, parsed, rules.credentials) ??
    refusePayload(request) ??
    refuseSignature(request, parsed, rules.credentials.secretAccessKey)
  );
}

function parseAuthorization(header: string): Authorization | undefined {
  const found = authorizationShape.exec(header);
  if (found === null) return undefined;
  const [, accessKeyId = '', date = '', region = '', service = '', signedHeaders = '', signature = ''] =
    found;
  return { accessKeyId, date, region, service, signedHeaders: signedHeaders.split(';'), signature };
}

function refuseScope(parsed: Authorization, { credentials, region }: SignatureRules): S3Answer | undefined {
  if (parsed.accessKeyId !== credentials.accessKeyId) {
    return refuse(
      403,
      'InvalidAccessKeyId',
      'The AWS Access Key Id you provided does not exist in our records.',
    );
  }
  if (parsed.service !== 's3' || (region !== undefined && parsed.region !== region)) {
    const message = `The authorization header is malformed; the region '${parsed.region}' is wrong; expecting '${region ?? 'any'}'`;
    return refuse(400, 'AuthorizationHeaderMalformed', message, {
      fields: { Region: region ?? 'us-east-1' },
    });
  }
  return undefined;
}

function refuseTime(request: S3Request, parsed: Authorization, now: Date): S3Answer | undefined {
  const stamp = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(request.headers['x-amz-date'] ?? '');
  if (stamp === null || !stamp[0].startsWith(parsed.date)) {
    return accessDenied('AWS authentication requires a valid Date or x-amz-date header');
  }
  const [, year, month, day, hour, minute, second] = stamp.map(Number);
  const sent = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
  if (Math.abs(now.getTime() - sent) <= skewMs) return undefined;
  return refuse(
    403,
    'RequestTimeTooSkewed',
    'The difference between the request time and the current time is too large.',
  );
}

function refuseHeaders(
  request: S3Request,
  parsed: Authorization,
  credentials: S3Credentials,
): S3Answer | undefined {
  const signed = new Set(parsed.signedHeaders);
  const unsigned = Object.keys(request.headers).filter(
    (name) => name.startsWith('x-amz-') && !signed.has(name),
  );
  if (!signed.has('host') || unsigned.length > 0) {
    return refuse(403, 'AccessDenied', 'There were headers present in the request which were not signed', {
      fields: { HeadersNotSigned: unsigned.join(', ') || 'host' },
    });
  }
  if (request.headers['x-amz-security-token'] === credentials.sessionToken) return undefined;
  return refuse(400, 'InvalidToken', 'The provided token is malformed or otherwise invalid.');
}

function refusePayload(request: S3Request): S3Answer | undefined {
  const declared = request.headers['x-amz-content-sha256'];
  if (declared === undefined) {
    return refuse(400, 'InvalidRequest', 'Missing required header for this request: x-amz-content-sha256');
  }
  if (declared === 'UNSIGNED-PAYLOAD') return undefined;
  if (declared.startsWith('STREAMING-')) {
    return refuse(
      501,
      'NotImplemented',
      'A header you provided implies functionality that is not implemented',
    );
  }
  if (declared === sha256(request.body)) return undefined;
  return refuse(
    400,
    'XAmzContentSHA256Mismatch',
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );
}

function refuseSignature(request: S3Request, parsed: Authorization, secret: string): S3Answer | undefined {
  const expected = signatureOf(request, parsed, secret);
  if (timingSafeEqual(Buffer.from(expected), Buffer.from(parsed.signature))) return undefined;
  return refuse(
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
  );
}

/** The signature version 4 of a request, headers in `Authorization` style (API reference: authenticating requests). */
export function signatureOf(
  request: Pick<S3Request, 'method' | 'target' | 'headers'>,
  scope: {
    readonly date: string;
    readonly region: string;
    readonly service: string;
    readonly signedHeaders: readonly string[];
  },
  secret: string,
): string {
  const headers = scope.signedHeaders.map(
    (name) => `${name}:${(request.headers[name] ?? '').trim().replaceAll(/ +/g, ' ')}\n`,
  );
  const canonical = [
    request.method,
    decodedPath(request.target).split('/').map(encode).join('/'),
    canonicalQuery(request.target),
    headers.join(''),
    scope.signedHeaders.join(';'),
    request.headers['x-amz-content-sha256'] ?? '',
  ].join('\n');
  const scopeText = `${scope.date}/${scope.region}/${scope.service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', request.headers['x-amz-date'] ?? '', scopeText, sha256(canonical)].join(
    '\n',
  );
  const key = [scope.region, scope.service, 'aws4_request'].reduce(hmac, hmac(`AWS4${secret}`, scope.date));
  return hmac(key, toSign).toString('hex');
}

function canonicalQuery(target: string): string {
  const pairs = queryPairs(target).map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.sort().join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
