import { RetryableError } from '../../../errors.ts';
import type { HttpAnswer } from '../../../net/request.ts';
import { demand } from './demand.ts';
import type { S3Door } from './demand.ts';
import { errorBytes } from './wanted.ts';
import { onlyIfAbsent } from './write-rules.ts';
import type { WriteRules } from './write-rules.ts';
import { readXml } from './xml.ts';

/** A multi-part upload that was created. */
export interface UploadRef {
  readonly key: string;
  readonly uploadId: string;
}

/** Creates an upload. Where the answer is lost it is created again, and the first one stays until the bucket forgets it. */
export async function createUpload(door: S3Door, key: string, signal: AbortSignal): Promise<UploadRef> {
  const wanted = { method: 'POST', key, query: { uploads: '' }, maxBytes: errorBytes } as const;
  const answer = await demand(door, { wanted, right: 's3:PutObject', statuses: [200] }, signal);
  const uploadId = textAt(answer, 'InitiateMultipartUploadResult/UploadId');
  if (uploadId === undefined) throw notUnderstood(answer);
  return { key, uploadId };
}

/** Sends a part and returns its etag as it stands. */
export async function sendPart(
  door: S3Door,
  { key, uploadId }: UploadRef,
  part: { readonly number: number; readonly body: Buffer },
  signal: AbortSignal,
): Promise<string> {
  const query = { partNumber: String(part.number), uploadId };
  const wanted = { method: 'PUT', key, query, body: part.body, maxBytes: errorBytes } as const;
  const answer = await demand(door, { wanted, right: 's3:PutObject', statuses: [200] }, signal);
  const etag = answer.headers['etag'];
  if (etag === undefined || !/^"?[\w./+=-]{1,100}"?$/.test(etag)) throw notUnderstood(answer);
  return etag;
}

/**
 * Puts the parts together where there is no object. `taken`: there is one, or the upload is no more, because the answer
 * to an earlier attempt was lost or because somebody ended it.
 */
export async function completeUpload(
  door: S3Door,
  { key, uploadId }: UploadRef,
  by: { readonly etags: readonly string[]; readonly rules: WriteRules },
  signal: AbortSignal,
): Promise<'written' | 'taken'> {
  const rows = by.etags.map(
    (etag, index) =>
      `<Part><PartNumber>${index + 1}</PartNumber><ETag>${etag.replaceAll('"', '&quot;')}</ETag></Part>`,
  );
  const xmlns = 'http://s3.amazonaws.com/doc/2006-03-01/';
  const body = Buffer.from(
    `<CompleteMultipartUpload xmlns="${xmlns}">${rows.join('')}</CompleteMultipartUpload>`,
  );
  const conditional = by.rules.isConditional();
  const headers = { 'content-type': 'application/xml', ...(conditional && onlyIfAbsent) };
  const wanted = { method: 'POST', key, query: { uploadId }, headers, body, maxBytes: errorBytes } as const;
  const statuses = conditional ? [200, 412, 501] : [200];
  const codes = ['NoSuchUpload', 'NoSuchKey'];
  const answer = await demand(door, { wanted, right: 's3:PutObject', statuses, codes }, signal);
  if (answer.status === 501) {
    by.rules.forgetConditions();
    return completeUpload(door, { key, uploadId }, by, signal);
  }
  if (answer.status !== 200) return 'taken';
  if (textAt(answer, 'CompleteMultipartUploadResult/ETag') === undefined) throw notUnderstood(answer);
  return 'written';
}

/** Ends an upload; one that is no more is no trouble. */
export async function abortUpload(
  door: S3Door,
  { key, uploadId }: UploadRef,
  signal: AbortSignal,
): Promise<void> {
  const wanted = { method: 'DELETE', key, query: { uploadId }, maxBytes: errorBytes } as const;
  const ended = { statuses: [200, 204], codes: ['NoSuchUpload'] };
  await demand(door, { wanted, right: 's3:AbortMultipartUpload', ...ended }, signal);
}

function textAt({ body }: HttpAnswer, wanted: string): string | undefined {
  let found: string | undefined;
  const whole = readXml(body.toString(), (path, text) => {
    if (path === wanted) found = text.trim();
  });
  return whole && found !== '' ? found : undefined;
}

function notUnderstood(answer: HttpAnswer): RetryableError {
  return new RetryableError(
    `${answer.status} from ${answer.url.host}, but not as S3 answers: is the endpoint right?`,
  );
}
