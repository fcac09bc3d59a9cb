import { answer, refuse, type S3Answer } from './answer.ts';
import { refuseCondition } from './conditions.ts';
import { noSuchUpload, uploadOf } from './multipart.ts';
import { versionHeader } from './objects.ts';
import type { S3Request } from './request.ts';
import type { S3Bucket } from './store.ts';
import { etagOfParts, type S3Part, type S3Upload } from './uploads.ts';
import { escapeXml, xmlDocument } from './xml.ts';

const fiveMib = 5 * 1024 ** 2;

/** One `<Part>` of the request. */
interface Named {
  readonly number: number;
  readonly etag: string;
}

/** CompleteMultipartUpload. The object has the parts that are named, and no others. */
export function completeUpload(bucket: S3Bucket, request: S3Request): S3Answer {
  const upload = uploadOf(bucket, request);
  if (upload === undefined) return noSuchUpload(request);
  const named = readParts(request.body.toString());
  if (named === undefined) {
    const message =
      'The XML you provided was not well-formed or did not validate against our published schema';
    return refuse(400, 'MalformedXML', message);
  }
  const parts = choose(bucket, upload, named);
  if ('status' in parts) return parts;
  const refused = refuseCondition(bucket, request);
  if (refused !== undefined) return refused;
  const version = bucket.put(request.key, Buffer.concat(parts.map(({ bytes }) => bytes)), {
    etag: etagOfParts(parts),
    headers: upload.headers,
  });
  bucket.uploads.end(upload);
  const names = `<Bucket>${escapeXml(request.bucket)}</Bucket><Key>${escapeXml(request.key)}</Key>`;
  const inner = `<Location>/${escapeXml(request.bucket)}/${escapeXml(request.key)}</Location>${names}<ETag>&quot;${version.etag}&quot;</ETag>`;
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  const root = 'CompleteMultipartUploadResult';
  const body = xmlDocument(`<${root} xmlns="${xmlns}">${inner}</${root}>`);
  return answer(200, { 'content-type': 'application/xml', ...versionHeader(bucket, version) }, body);
}

function readParts(body: string): readonly Named[] | undefined {
  if (!/<CompleteMultipartUpload[\s>]/.test(body)) return undefined;
  const named = [...body.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, inner = '']) => ({
    number: Number(/<PartNumber>\s*(\d+)\s*<\/PartNumber>/.exec(inner)?.[1]),
    etag: (/<ETag>\s*(.*?)\s*<\/ETag>/.exec(inner)?.[1] ?? '').replaceAll(/&quot;|&#34;|"/g, ''),
  }));
  const whole = named.length > 0 && named.every(({ number, etag }) => number > 0 && etag !== '');
  return whole ? named : undefined;
}

function choose(bucket: S3Bucket, upload: S3Upload, named: readonly Named[]): readonly S3Part[] | S3Answer {
  if (named.some(({ number }, index) => number <= (named[index - 1]?.number ?? 0))) {
    const message =
      'The list of parts was not in ascending order. The parts list must be specified in order by part number.';
    return refuse(400, 'InvalidPartOrder', message, { fields: { UploadId: upload.uploadId } });
  }
  const least = bucket.config.minPartBytes ?? fiveMib;
  const chosen: S3Part[] = [];
  for (const { number, etag } of named) {
    const part = upload.parts.get(number);
    const fields = { UploadId: upload.uploadId, PartNumber: String(number), ETag: etag };
    if (part === undefined || part.etag !== etag) {
      const message =
        "One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.";
      return refuse(400, 'InvalidPart', message, { fields });
    }
    if (part.bytes.length < least && number !== named.at(-1)?.number) {
      const message = 'Your proposed upload is smaller than the minimum allowed size';
      const sizes = { ProposedSize: String(part.bytes.length), MinSizeAllowed: String(least) };
      return refuse(400, 'EntityTooSmall', message, { fields: { ...fields, ...sizes } });
    }
    chosen.push(part);
  }
  return chosen;
}
