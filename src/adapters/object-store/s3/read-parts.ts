import { RetryableError } from '../../../errors.ts';
import type { HttpAnswer } from '../../../net/request.ts';
import type { FileParts } from '../models/depot.ts';
import { troubleError } from '../models/refusals.ts';
import { trouble } from '../trouble.ts';
import { demand } from './demand.ts';
import type { S3Door } from './demand.ts';
import { errorBytes, notS3 } from './wanted.ts';

/** S3 puts at most so many parts together; files that have more of them are read in larger ones. */
const mostParts = 10_000;

interface Range {
  readonly first: number;
  readonly length: number;
  /** Of the file as it was when its first part was read. */
  readonly etag: string | undefined;
}

interface Piece {
  readonly bytes: Buffer;
  /** Of the whole object. */
  readonly size: number;
  readonly etag: string | undefined;
}

/**
 * Opens an object with its first part, so that a small file takes one request. Every other part is asked for on the
 * condition that the object is still the same. undefined: there is no such object.
 */
export async function openParts(
  door: S3Door,
  key: string,
  partBytes: number,
  signal: AbortSignal,
): Promise<FileParts | undefined> {
  const opened = await readRange(door, key, { first: 0, length: partBytes, etag: undefined }, signal);
  if (opened === undefined) return undefined;
  const { size, etag } = opened;
  const length = Math.max(partBytes, Math.ceil(size / (mostParts - 1)));
  let held: Buffer | undefined = opened.bytes;

  async function* parts(): AsyncGenerator<Buffer> {
    let first = 0;
    while (first < size) {
      const bytes = held ?? (await readOn(first));
      held = undefined;
      first += bytes.length;
      yield bytes;
    }
  }

  async function readOn(first: number): Promise<Buffer> {
    const piece = await readRange(door, key, { first, length, etag }, signal);
    if (piece?.size === size && piece.bytes.length > 0) return piece.bytes;
    throw changed(door, key);
  }

  return { size, parts: parts() };
}

/** Whether there is an object. */
export async function isThere(door: S3Door, key: string, signal: AbortSignal): Promise<boolean> {
  return (await readRange(door, key, { first: 0, length: 1, etag: undefined }, signal)) !== undefined;
}

async function readRange(
  door: S3Door,
  key: string,
  { first, length, etag }: Range,
  signal: AbortSignal,
): Promise<Piece | undefined> {
  const headers = {
    range: `bytes=${first}-${first + length - 1}`,
    ...(etag !== undefined && { 'if-match': etag }),
  };
  const wanted = { method: 'GET', key, query: {}, headers, maxBytes: Math.max(length, errorBytes) } as const;
  const read = { statuses: [200, 206, 412, 416], codes: ['NoSuchKey'] };
  const answer = await demand(door, { wanted, right: 's3:GetObject', ...read }, signal);
  switch (answer.status) {
    case 412:
      throw changed(door, key);
    case 404:
      return undefined;
    case 416:
      // Only an empty object has no first byte.
      if (first > 0) throw changed(door, key);
      return { bytes: Buffer.alloc(0), size: 0, etag: answer.headers['etag'] };
    default:
      return pieceOf(door, answer, { first, length });
  }
}

/** @throws RetryableError when the answer is not what was asked for. */
function pieceOf(
  { session }: S3Door,
  answer: HttpAnswer,
  asked: { readonly first: number; readonly length: number },
): Piece {
  const { headers, body, cut, status } = answer;
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers['content-range'] ?? '');
  const whole = status === 200 && asked.first === 0 && body.length <= asked.length;
  const size = whole ? body.length : Number(range?.[3]);
  const last = Math.min(asked.first + asked.length, size) - 1;
  const ranged = range !== null && Number(range[1]) === asked.first && Number(range[2]) === last;
  const bytes = whole ? size : last - asked.first + 1;
  if (cut || notS3(answer) || !(whole || ranged) || body.length !== bytes) {
    const message = `${status} from ${answer.url.host}, but not the bytes that were asked for: is the endpoint right, and does it know ranges?`;
    throw troubleError(trouble('unreachable', message), `s3://${session.bucket}`);
  }
  return { bytes: body, size, etag: headers['etag'] };
}

function changed({ session }: S3Door, key: string): RetryableError {
  return new RetryableError(`s3://${session.bucket}/${key} was changed while it was read`);
}
