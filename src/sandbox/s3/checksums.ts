import { createHash } from 'node:crypto';
import { refuse, type S3Answer } from './answer.ts';
import type { S3Request } from './request.ts';

/** Compares the body with `Content-MD5` and `x-amz-checksum-sha256`; undefined: it agrees, or nothing was said. */
export function refuseChecksum(request: S3Request): S3Answer | undefined {
  const { 'content-md5': md5, 'x-amz-checksum-sha256': sha256 } = request.headers;
  if (md5 !== undefined && Buffer.from(md5, 'base64').length !== 16) {
    return refuse(400, 'InvalidDigest', 'The Content-MD5 you specified was invalid.');
  }
  if (md5 !== undefined && md5 !== digest('md5', request.body)) {
    return refuse(400, 'BadDigest', 'The Content-MD5 you specified did not match what we received.');
  }
  if (sha256 !== undefined && Buffer.from(sha256, 'base64').length !== 32) {
    return refuse(400, 'InvalidRequest', 'Value for x-amz-checksum-sha256 header is invalid.');
  }
  if (sha256 !== undefined && sha256 !== digest('sha256', request.body)) {
    return refuse(400, 'BadDigest', 'The SHA256 you specified did not match the calculated checksum.');
  }
  return undefined;
}

/** The checksum headers of an answer to a body that came with one. */
export function checksumHeaders(request: S3Request): Readonly<Record<string, string>> {
  const sha256 = request.headers['x-amz-checksum-sha256'];
  return sha256 === undefined ? {} : { 'x-amz-checksum-sha256': sha256 };
}

function digest(algorithm: 'md5' | 'sha256', bytes: Buffer): string {
  return createHash(algorithm).update(bytes).digest('base64');
}
