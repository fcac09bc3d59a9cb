import { answer, refuse, type S3Answer } from './answer.ts';
import { checksumHeaders, refuseChecksum } from './checksums.ts';
import { refuseCondition } from './conditions.ts';
import { versionHeader } from './objects.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket } from './store.ts';

/** PutObject. */
export function putObject(bucket: S3Bucket, request: S3Request): S3Answer {
  const refused = refuseKey(request) ?? refuseChecksum(request) ?? refuseCondition(bucket, request);
  if (refused !== undefined) return refused;
  const version = bucket.put(request.key, request.body, { headers: headersToKeep(request) });
  return answer(200, {
    etag: `"${version.etag}"`,
    ...checksumHeaders(request),
    ...versionHeader(bucket, version),
  });
}

/** Keys have 1024 bytes at most. */
export function refuseKey(request: S3Request): S3Answer | undefined {
  if (Buffer.byteLength(request.key) <= 1024) return undefined;
  return refuse(400, 'KeyTooLongError', 'Your key is too long');
}

/** What an object is given back with. */
export function headersToKeep(request: S3Request): Readonly<Record<string, string>> {
  const kept = Object.entries(request.headers).filter(
    ([name]) => name === 'content-type' || name.startsWith('x-amz-meta-'),
  );
  return Object.fromEntries(kept);
}
