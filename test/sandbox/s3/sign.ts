import { createHash } from 'node:crypto';
import { signatureOf, type S3Credentials } from '../../../src/sandbox/s3/signature.ts';

/** A signed request's headers; `change` runs between building and signing. */
export interface SignOptions {
  readonly at?: Date;
  readonly region?: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly unsignedPayload?: boolean;
}

/** Signs with the server's own function: its correctness is proven by the published vectors. */
export function sign(
  method: string,
  url: string,
  keys: S3Credentials,
  options: SignOptions = {},
): Record<string, string> {
  const { host, pathname, search } = new URL(url);
  const stamp = (options.at ?? new Date()).toISOString().replaceAll(/[-:]|\.\d+/g, '');
  const payload = createHash('sha256')
    .update(options.body ?? '')
    .digest('hex');
  const headers: Record<string, string> = {
    host,
    'x-amz-date': stamp,
    'x-amz-content-sha256': options.unsignedPayload === true ? 'UNSIGNED-PAYLOAD' : payload,
    ...(keys.sessionToken === undefined ? {} : { 'x-amz-security-token': keys.sessionToken }),
    ...options.headers,
  };
  const signedHeaders = Object.keys(headers).sort();
  const scope = {
    date: stamp.slice(0, 8),
    region: options.region ?? 'us-east-1',
    service: 's3',
    signedHeaders,
  };
  const signature = signatureOf({ method, target: pathname + search, headers }, scope, keys.secretAccessKey);
  const { host: _host, ...sent } = headers;
  const credential = `${keys.accessKeyId}/${scope.date}/${scope.region}/s3/aws4_request`;
  return {
    ...sent,
    authorization: `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
  };
}
