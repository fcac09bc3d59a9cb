import type { HttpAnswer } from '../../../net/request.ts';
import type { ObjectRef } from '../../../ports/object-store.ts';
import type { S3Wanted } from './session.ts';

/** The largest error answer that is read. */
export const errorBytes = 64 * 1024;

/** A request for one object, or one of its versions. */
export function readOf(
  prefix: string,
  object: ObjectRef,
  method: 'GET' | 'HEAD',
  maxBytes = errorBytes,
): S3Wanted {
  const query = object.version === undefined ? {} : { versionId: object.version };
  return { method, key: prefix + object.key, query, maxBytes };
}

/** A web page of a proxy or a console at the same address: it answers 200 to anything. */
export function notS3(answer: HttpAnswer): boolean {
  const isPage = answer.headers['content-type']?.startsWith('text/html') ?? false;
  return isPage && !Object.keys(answer.headers).some((name) => /^x-(?:amz|goog)-/.test(name));
}
