import { answer, refuse, type S3Answer } from './answer.ts';
import { matches, preconditionFailed, refuseCondition } from './conditions.ts';
import { findVersion, versionHeader } from './objects.ts';
import { headersToKeep, refuseKey } from './put.ts';
import { decodeS3, type S3Request } from './request.ts';
import type { S3Bucket, S3Version } from './store.ts';
import { xmlDocument } from './xml.ts';

/** Finds a bucket that the caller may read. */
export type BucketNamed = (name: string) => S3Bucket | undefined;

/** What is copied, or the refusal. */
export type CopySource =
  | { readonly version: S3Version; readonly bucket: S3Bucket; readonly key: string }
  | { readonly refusal: S3Answer };

const fiveGib = 5 * 1024 ** 3;
const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** CopyObject. */
export function copyObject(bucket: S3Bucket, request: S3Request, bucketNamed: BucketNamed): S3Answer {
  const refused = refuseKey(request);
  if (refused !== undefined) return refused;
  const source = copySource(request, bucketNamed);
  if ('refusal' in source) return source.refusal;
  const { version } = source;
  const limit = bucket.config.maxCopyBytes ?? fiveGib;
  if (version.bytes.length > limit) {
    const message = `The specified copy source is larger than the maximum allowable size for a copy source: ${limit}`;
    return refuse(400, 'InvalidRequest', message);
  }
  const replaces = request.headers['x-amz-metadata-directive'] === 'REPLACE';
  if (source.bucket === bucket && source.key === request.key && !replaces) {
    const message =
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.";
    return refuse(400, 'InvalidRequest', message);
  }
  const condition = refuseCondition(bucket, request);
  if (condition !== undefined) return condition;
  const copy = bucket.put(request.key, version.bytes, {
    headers: replaces ? headersToKeep(request) : version.headers,
  });
  return copied('CopyObjectResult', copy, versionHeader(bucket, copy));
}

/** The answer to a copy of an object or a part. */
export function copied(
  root: 'CopyObjectResult' | 'CopyPartResult',
  { etag, modified }: Pick<S3Version, 'etag' | 'modified'>,
  headers: Readonly<Record<string, string>> = {},
): S3Answer {
  const inner = `<LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag>`;
  const body = xmlDocument(`<${root} xmlns="${xmlns}">${inner}</${root}>`);
  return answer(200, { 'content-type': 'application/xml', ...headers }, body);
}

/** Reads `x-amz-copy-source`, `/bucket/key?versionId=…`, and its conditions. */
export function copySource(request: S3Request, bucketNamed: BucketNamed): CopySource {
  const found = /^\/?([^/]+)\/(.+?)(?:\?versionId=([^?]*))?$/.exec(
    decoded(request.headers['x-amz-copy-source'] ?? ''),
  );
  if (found === null) {
    const message = 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey';
    return {
      refusal: refuse(400, 'InvalidArgument', message, { fields: { ArgumentName: 'x-amz-copy-source' } }),
    };
  }
  const [, name = '', key = '', versionId] = found;
  const bucket = bucketNamed(name);
  if (bucket === undefined) {
    const message = 'The specified bucket does not exist';
    return { refusal: refuse(404, 'NoSuchBucket', message, { fields: { BucketName: name } }) };
  }
  const source = findVersion(bucket, key, versionId);
  if ('refusal' in source) return source;
  const { 'x-amz-copy-source-if-match': ifMatch, 'x-amz-copy-source-if-none-match': ifNoneMatch } =
    request.headers;
  if (ifMatch !== undefined && !matches(ifMatch, source.version))
    return { refusal: preconditionFailed('x-amz-copy-source-If-Match') };
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, source.version))
    return { refusal: preconditionFailed('x-amz-copy-source-If-None-Match') };
  return { version: source.version, bucket, key };
}

function decoded(header: string): string {
  try {
    return decodeS3(header);
  } catch {
    return '';
  }
}
