import { refuse, type S3Answer } from './answer.ts';
import { completeUpload } from './complete.ts';
import { copyObject, type BucketNamed } from './copy.ts';
import { abortUpload, createUpload, listParts, uploadPart } from './multipart.ts';
import { deleteObject, readObject } from './objects.ts';
import { putObject } from './put.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket } from './store.ts';

/** Answers a request about an object: the method and the query say which operation it is. */
export function aboutObject(bucket: S3Bucket, request: S3Request, bucketNamed: BucketNamed): S3Answer {
  const ofUpload = request.query.has('uploadId');
  switch (request.method) {
    case 'GET':
      return ofUpload ? listParts(bucket, request) : readObject(bucket, request);
    case 'HEAD':
      return readObject(bucket, request);
    case 'PUT':
      if (ofUpload) return uploadPart(bucket, request, bucketNamed);
      if (request.headers['x-amz-copy-source'] === undefined) return putObject(bucket, request);
      return copyObject(bucket, request, bucketNamed);
    case 'POST':
      if (ofUpload) return completeUpload(bucket, request);
      if (request.query.has('uploads')) return createUpload(bucket, request);
      return notAllowed();
    case 'DELETE':
      return ofUpload ? abortUpload(bucket, request) : deleteObject(bucket, request);
    default:
      return notAllowed();
  }
}

function notAllowed(): S3Answer {
  return refuse(405, 'MethodNotAllowed', 'The specified method is not allowed against this resource.');
}
