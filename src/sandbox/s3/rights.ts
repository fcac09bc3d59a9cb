import { refuse, type S3Answer } from './answer.ts';
import type { S3Request } from './request.ts';
import type { S3Credentials } from './signature.ts';
import type { S3Bucket } from './store.ts';

/** Whose signature a request bears, by its key id; those who are not known are looked at as the owner. */
export function callerOf(
  request: S3Request,
  owner: S3Credentials,
  readers: readonly S3Credentials[],
): S3Credentials {
  const keyId = /Credential=([^/,\s]+)\//.exec(request.headers['authorization'] ?? '')?.[1];
  return readers.find(({ accessKeyId }) => accessKeyId === keyId) ?? owner;
}

/** 403 for a write without the right to it; undefined: it may take place. */
export function refuseWrite(bucket: S3Bucket, request: S3Request, isReader: boolean): S3Answer | undefined {
  const action = writeAction(request);
  if (action === undefined || (!isReader && bucket.config.canWrite !== false)) return undefined;
  const resource = `arn:aws:s3:::${request.bucket}/${request.key}`;
  const message = `User: arn:aws:iam::000000000000:user/sandbox is not authorized to perform: ${action} on resource: "${resource}" because no identity-based policy allows the ${action} action`;
  return refuse(403, 'AccessDenied', message);
}

function writeAction({ method, query }: S3Request): string | undefined {
  if (method === 'PUT' || method === 'POST') return 's3:PutObject';
  if (method !== 'DELETE') return undefined;
  return query.has('uploadId') ? 's3:AbortMultipartUpload' : 's3:DeleteObject';
}
