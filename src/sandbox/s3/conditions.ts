import { refuse, type S3Answer } from './answer.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket, S3Version } from './store.ts';

/** Whether an etag is among those of `If-Match` or `If-None-Match`; `*` is every one. */
export function matches(condition: string, version: Pick<S3Version, 'etag'>): boolean {
  const wanted = condition.split(',').map((tag) => tag.trim().replaceAll('"', ''));
  return wanted.includes('*') || wanted.includes(version.etag);
}

/** 412, with the header that did not hold. */
export function preconditionFailed(condition: string): S3Answer {
  const message = 'At least one of the pre-conditions you specified did not hold';
  return refuse(412, 'PreconditionFailed', message, { fields: { Condition: condition } });
}

/** 409: another write of the same key was under way. Such a PUT may be sent again, such a multi-part upload is gone. */
export function conflict(request: S3Request): S3Answer {
  const message =
    'The conditional request cannot succeed due to a conflicting operation against this resource.';
  const fields = { Condition: 'If-None-Match', Key: request.key };
  return refuse(409, 'ConditionalRequestConflict', message, { fields });
}

/**
 * Why a write may not take place, by its conditions: `If-None-Match` takes `*` alone, `If-Match` the etag of what is
 * there. undefined: it may.
 */
export function refuseCondition(bucket: S3Bucket, request: S3Request): S3Answer | undefined {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = request.headers;
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  const support = bucket.config.conditionalWrites ?? 'supported';
  if (support === 'ignored') return undefined;
  if (support === 'refused' || (ifNoneMatch !== undefined && ifNoneMatch !== '*')) return notImplemented();
  const newest = bucket.versions(request.key)[0];
  const current = newest?.deleteMarker === false ? newest : undefined;
  if (ifNoneMatch !== undefined && current !== undefined) return preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return undefined;
  if (current === undefined) {
    return refuse(404, 'NoSuchKey', 'The specified key does not exist.', { fields: { Key: request.key } });
  }
  return matches(ifMatch, current) ? undefined : preconditionFailed('If-Match');
}

/** 501, as S3 says it of a header that it does not know what to do with. */
export function notImplemented(): S3Answer {
  return refuse(501, 'NotImplemented', 'A header you provided implies functionality that is not implemented');
}
