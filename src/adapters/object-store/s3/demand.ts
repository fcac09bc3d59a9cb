import { RetryableError, UserError } from '../../../errors.ts';
import type { HttpAnswer } from '../../../net/request.ts';
import { storeForbidden, troubleError } from '../models/refusals.ts';
import { readError } from './answers.ts';
import { statusText } from './attempts.ts';
import { explainRefusal } from './explain.ts';
import type { S3Session, S3Wanted } from './session.ts';

/** A request, and what is done with its answer. */
export interface Demand {
  readonly wanted: S3Wanted & { readonly key: string };
  /** Which right it takes. */
  readonly right: 's3:GetObject' | 's3:PutObject' | 's3:AbortMultipartUpload';
  /** Statuses that the asker reads; any other is thrown. */
  readonly statuses: readonly number[];
  /** Codes of errors that the asker reads, whatever their status. */
  readonly codes?: readonly string[];
}

/** A bucket and the prefix that the configuration binds, for messages. */
export interface S3Door {
  readonly session: S3Session;
  /** Empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Codes of what somebody else did to an upload meanwhile, or a busy server: all of it may be done once more. */
const repeatable = new Set(['NoSuchUpload', 'InvalidPart', 'RequestTimeout']);

/** An answer with one of the statuses. @throws RetryableError and UserError for all others. */
export async function demand(door: S3Door, asked: Demand, signal: AbortSignal): Promise<HttpAnswer> {
  const answer = await door.session.send(asked.wanted, signal);
  if (answer.kind === 'unknown') throw troubleError(answer, urlOf(door));
  if (asked.statuses.includes(answer.status)) return answer;
  if (asked.codes?.includes(readError(answer.body.toString())?.code ?? '') === true) return answer;
  throw refusalError(door, asked, answer);
}

function refusalError(
  door: S3Door,
  { wanted, right }: Demand,
  answer: HttpAnswer,
): UserError | RetryableError {
  const { session, prefix } = door;
  const { bucket } = session;
  const code = readError(answer.body.toString())?.code;
  const address = `s3://${bucket}/${wanted.key}`;
  if (code === 'NoSuchBucket') {
    return new UserError(
      'store-missing',
      `${statusText(answer)}: there is no bucket ${bucket} at this endpoint`,
      `Make the bucket, or correct url and endpoint of its entry in the server's configuration`,
    );
  }
  if (repeatable.has(code ?? '')) return new RetryableError(`${statusText(answer)} for ${address}`);
  const rights = right === 's3:GetObject' ? 's3:GetObject and s3:ListBucket' : right;
  const where = `on bucket ${bucket}, ${prefix === '' ? 'all of it' : `prefix ${prefix}`}`;
  const needs =
    right === 's3:GetObject'
      ? `The credentials need ${rights} ${where}; without s3:ListBucket S3 says this of objects that do not exist, too`
      : `The credentials need ${rights} ${where}`;
  const said = { bucket, region: session.region(), version: undefined, now: session.now(), needs };
  const { meaning } = explainRefusal(answer, said);
  if (meaning.kind === 'unknown' && meaning.cause === 'forbidden')
    return storeForbidden(`${address}: ${meaning.message}`, `Allow ${rights} ${where}`);
  if (meaning.kind === 'unknown') return troubleError(meaning, address);
  return new RetryableError(`${statusText(answer)} for ${address}: it was deleted meanwhile`);
}

function urlOf({ session, prefix }: S3Door): string {
  return `s3://${session.bucket}/${prefix}`.replace(/\/$/, '');
}
