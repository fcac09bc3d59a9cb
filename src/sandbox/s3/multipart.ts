import { answer, refuse, type S3Answer } from './answer.ts';
import { checksumHeaders, refuseChecksum } from './checksums.ts';
import { copied, copySource, type BucketNamed } from './copy.ts';
import { headersToKeep, refuseKey } from './put.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket } from './store.ts';
import type { S3Upload } from './uploads.ts';
import { escapeXml, xmlDocument } from './xml.ts';

const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
const xml = { 'content-type': 'application/xml' };
const mostParts = 10_000;

/** CreateMultipartUpload. */
export function createUpload(bucket: S3Bucket, request: S3Request): S3Answer {
  const refused = refuseKey(request);
  if (refused !== undefined) return refused;
  const { uploadId } = bucket.uploads.start(request.key, headersToKeep(request));
  const inner = `<Bucket>${escapeXml(request.bucket)}</Bucket><Key>${escapeXml(request.key)}</Key><UploadId>${uploadId}</UploadId>`;
  const root = 'InitiateMultipartUploadResult';
  return answer(200, xml, xmlDocument(`<${root} xmlns="${xmlns}">${inner}</${root}>`));
}

/** UploadPart and UploadPartCopy. */
export function uploadPart(bucket: S3Bucket, request: S3Request, bucketNamed: BucketNamed): S3Answer {
  const number = Number(request.query.get('partNumber') ?? '');
  if (!Number.isInteger(number) || number < 1 || number > mostParts) {
    const message = `Part number must be an integer between 1 and ${mostParts}, inclusive`;
    return refuse(400, 'InvalidArgument', message, { fields: { ArgumentName: 'partNumber' } });
  }
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload(request);
  if (request.headers['x-amz-copy-source'] !== undefined) {
    return copyPart(bucket, request, { upload, number, bucketNamed });
  }
  const refused = refuseChecksum(request);
  if (refused !== undefined) return refused;
  const part = bucket.uploads.keep(upload, number, request.body);
  return answer(200, { etag: `"${part.etag}"`, ...checksumHeaders(request) });
}

function copyPart(
  bucket: S3Bucket,
  request: S3Request,
  to: { readonly upload: S3Upload; readonly number: number; readonly bucketNamed: BucketNamed },
): S3Answer {
  const source = copySource(request, to.bucketNamed);
  if ('refusal' in source) return source.refusal;
  const { bytes } = source.version;
  const asked = request.headers['x-amz-copy-source-range'];
  const range = asked === undefined ? [] : /^bytes=(\d+)-(\d+)$/.exec(asked);
  if (range === null) {
    const message =
      'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy';
    return refuse(400, 'InvalidArgument', message, { fields: { ArgumentName: 'x-amz-copy-source-range' } });
  }
  const first = Number(range[1] ?? 0);
  const last = Number(range[2] ?? bytes.length - 1);
  if (asked !== undefined && (first > last || last >= bytes.length)) {
    const message = `Range specified is not valid for source object of size: ${bytes.length}`;
    return refuse(400, 'InvalidArgument', message, { fields: { ArgumentName: 'x-amz-copy-source-range' } });
  }
  const part = bucket.uploads.keep(to.upload, to.number, bytes.subarray(first, last + 1));
  return copied('CopyPartResult', part);
}

/** AbortMultipartUpload. */
export function abortUpload(bucket: S3Bucket, request: S3Request): S3Answer {
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload(request);
  bucket.uploads.end(upload);
  return answer(204);
}

/** ListParts, in one page. */
export function listParts(bucket: S3Bucket, request: S3Request): S3Answer {
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload(request);
  const parts = [...upload.parts]
    .sort(([one], [other]) => one - other)
    .map(
      ([number, { etag, bytes, modified }]) =>
        `<Part><PartNumber>${number}</PartNumber><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${bytes.length}</Size></Part>`,
    );
  const names = `<Bucket>${escapeXml(request.bucket)}</Bucket><Key>${escapeXml(request.key)}</Key><UploadId>${upload.uploadId}</UploadId>`;
  const inner = `${names}<IsTruncated>false</IsTruncated>${parts.join('')}`;
  return answer(200, xml, xmlDocument(`<ListPartsResult xmlns="${xmlns}">${inner}</ListPartsResult>`));
}

/** The upload that a request names. */
export function uploadOf(bucket: S3Bucket, request: S3Request): S3Upload | undefined {
  return bucket.uploads.find(request.key, request.query.get('uploadId'));
}

/** 404: never started, completed or aborted. */
export function noSuchUpload(request: S3Request): S3Answer {
  const message =
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.';
  return refuse(404, 'NoSuchUpload', message, {
    fields: { UploadId: request.query.get('uploadId') ?? '' },
  });
}
