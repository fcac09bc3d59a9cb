import { accessDenied, answer, refuse, type S3Answer } from './answer.ts';
import { matches, preconditionFailed } from './conditions.ts';
import { rangeOf } from './range.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket, S3Version } from './store.ts';

/** What was asked for: a version that is there, or the refusal. */
export type Found = { readonly version: S3Version } | { readonly refusal: S3Answer };

/** GET and HEAD of an object. */
export function readObject(bucket: S3Bucket, request: S3Request): S3Answer {
  const found = findVersion(bucket, request.key, request.query.get('versionId'));
  if ('refusal' in found) return found.refusal;
  const { version } = found;
  const headers = objectHeaders(bucket, version);
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  if (ifMatch !== undefined && !matches(ifMatch, version)) return preconditionFailed('If-Match');
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, version)) return answer(304, headers);
  return ranged(version, headers, request.headers['range']);
}

/** DELETE of an object or of one version. Absent keys are deleted too, as S3 has it. */
export function deleteObject(bucket: S3Bucket, request: S3Request): S3Answer {
  const versionId = request.query.get('versionId');
  const invalid = versionId === undefined ? undefined : refuseVersionId(versionId);
  if (invalid !== undefined) return invalid;
  const removed = bucket.remove(request.key, versionId);
  if (removed === undefined)
    return answer(204, versionId === undefined ? {} : { 'x-amz-version-id': versionId });
  const marker = removed.deleteMarker ? { 'x-amz-delete-marker': 'true' } : undefined;
  return answer(204, { ...versionHeader(bucket, removed), ...marker });
}

/** The version that a request names: the current one where it names none. */
export function findVersion(bucket: S3Bucket, key: string, versionId: string | undefined): Found {
  if (versionId === undefined) return findCurrent(bucket, key);
  const invalid = refuseVersionId(versionId);
  if (invalid !== undefined) return { refusal: invalid };
  const version = bucket.versions(key).find((candidate) => candidate.versionId === versionId);
  if (version === undefined) {
    if (bucket.config.canList === false) return { refusal: accessDenied() };
    const fields = { Key: key, VersionId: versionId };
    return { refusal: refuse(404, 'NoSuchVersion', 'The specified version does not exist.', { fields }) };
  }
  if (!version.deleteMarker) return { version };
  const headers = {
    ...markerHeaders(version),
    allow: 'DELETE',
    'last-modified': version.modified.toUTCString(),
  };
  const message = 'The specified method is not allowed against this resource.';
  return { refusal: refuse(405, 'MethodNotAllowed', message, { headers }) };
}

function findCurrent(bucket: S3Bucket, key: string): Found {
  const current = bucket.versions(key)[0];
  if (current?.deleteMarker === false) return { version: current };
  if (bucket.config.canList === false) return { refusal: accessDenied() };
  const headers = current === undefined ? {} : markerHeaders(current);
  const refusal = refuse(404, 'NoSuchKey', 'The specified key does not exist.', {
    fields: { Key: key },
    headers,
  });
  return { refusal };
}

/** Version ids are `null` or 32 characters; S3 answers 400 to what cannot be one. */
function refuseVersionId(versionId: string): S3Answer | undefined {
  if (versionId === 'null' || /^[A-Za-z0-9._-]{32}$/.test(versionId)) return undefined;
  const message = versionId === '' ? 'Version id cannot be the empty string' : 'Invalid version id specified';
  const fields = { ArgumentName: 'versionId', ArgumentValue: versionId };
  return refuse(400, 'InvalidArgument', message, { fields });
}

function objectHeaders(bucket: S3Bucket, version: S3Version): Readonly<Record<string, string>> {
  return {
    etag: `"${version.etag}"`,
    'last-modified': version.modified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
    'x-amz-server-side-encryption': 'AES256',
    ...versionHeader(bucket, version),
    ...version.headers,
  };
}

function ranged(
  version: S3Version,
  headers: Readonly<Record<string, string>>,
  asked: string | undefined,
): S3Answer {
  const size = version.bytes.length;
  const range = asked === undefined ? undefined : rangeOf(asked, size);
  if (range === undefined) return answer(200, headers, version.bytes);
  if (range === 'unsatisfiable') {
    const more = {
      headers: { 'content-range': `bytes */${size}` },
      fields: { ActualObjectSize: String(size) },
    };
    return refuse(416, 'InvalidRange', 'The requested range is not satisfiable', more);
  }
  const contentRange = { 'content-range': `bytes ${range.first}-${range.last}/${size}` };
  return answer(206, { ...headers, ...contentRange }, version.bytes.subarray(range.first, range.last + 1));
}

/** `x-amz-version-id`, where the bucket keeps versions. */
export function versionHeader(bucket: S3Bucket, version: S3Version): Readonly<Record<string, string>> {
  return bucket.config.versioned ? { 'x-amz-version-id': version.versionId } : {};
}

function markerHeaders(version: S3Version): Readonly<Record<string, string>> {
  return { 'x-amz-delete-marker': 'true', 'x-amz-version-id': version.versionId };
}
