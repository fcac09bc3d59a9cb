import type { HttpAnswer } from '../../../net/request.ts';
import type { StoreTrouble } from '../../../ports/object-store.ts';
import { trouble } from '../trouble.ts';
import { readError } from './answers.ts';
import { statusText } from './attempts.ts';

/** What a refusal means. */
export interface Refusal {
  /** `gone`: S3 itself says that there is no such object or version. */
  readonly meaning: StoreTrouble | { readonly kind: 'gone' };
  /** It is so for every object of the remote: asking for more of them is useless. */
  readonly forAll: boolean;
}

const gone: Refusal = { meaning: { kind: 'gone' }, forAll: false };
const tolerableSkewMs = 15 * 60_000;

/** Codes that concern whoever asks, not the object. */
const callers: Readonly<Record<string, string>> = {
  InvalidAccessKeyId: 'the access key id is not known there',
  SignatureDoesNotMatch: 'the secret access key does not belong to the access key id',
  ExpiredToken: 'the session token has expired',
  InvalidToken: 'the session token is not accepted',
  TokenRefreshRequired: 'the session token has expired',
  AccountProblem: 'there is a problem with the account',
  AllAccessDisabled: 'all access to the bucket is disabled',
};

/** Reads an answer that is not a success and has its body (HEAD has none: ask with GET). Never quotes the server's prose. */
export function explainRefusal(
  answer: HttpAnswer,
  asked: {
    readonly bucket: string;
    readonly region: string;
    readonly version: string | undefined;
    readonly now: Date;
    /** Which rights it takes, in a sentence; reading is meant where nothing is said. */
    readonly needs?: string;
  },
): Refusal {
  const code = readError(answer.body.toString())?.code;
  const from = statusText(answer);
  const skew = skewOf(answer, asked.now);
  if (
    code === 'RequestTimeTooSkewed' ||
    (answer.status === 403 && code === undefined && skew > tolerableSkewMs)
  ) {
    const minutes = Math.round(skew / 60_000);
    return forAll(
      'forbidden',
      `${from}: this machine's clock and the server's differ by ${minutes} minutes; set the clock`,
    );
  }
  const caller = callers[code ?? ''];
  if (caller !== undefined) return forAll('forbidden', `${from}: ${caller}`);
  switch (answer.status) {
    case 404:
      return explainNotFound(code, from, asked.bucket);
    case 401:
    case 403:
      return { meaning: trouble('forbidden', `${from}. ${asked.needs ?? readingNeeds}`), forAll: false };
    case 405:
      if (answer.headers['x-amz-delete-marker'] === 'true') return gone;
      return { meaning: trouble('unsupported', from), forAll: false };
    case 400:
      // S3 refuses version ids that it cannot have given out.
      if (code === 'InvalidArgument' && asked.version !== undefined) return gone;
      return { meaning: trouble('unsupported', from), forAll: code === 'AuthorizationHeaderMalformed' };
    case 301:
    case 307:
      return forAll(
        'unreachable',
        `${from}: the bucket ${asked.bucket} is served by another endpoint or region than ${asked.region}`,
      );
    default:
      return { meaning: trouble('unsupported', from), forAll: false };
  }
}

const readingNeeds =
  'The credentials need s3:GetObject and s3:ListBucket; without s3:ListBucket S3 says this of objects that do not exist, too';

function explainNotFound(code: string | undefined, from: string, bucket: string): Refusal {
  if (code === 'NoSuchKey' || code === 'NoSuchVersion') return gone;
  if (code === 'NoSuchBucket')
    return forAll('unreachable', `${from}: there is no bucket ${bucket} at this endpoint`);
  return forAll('unreachable', `${from}, which is not how S3 answers: is the endpoint right?`);
}

function forAll(cause: StoreTrouble['cause'], message: string): Refusal {
  return { meaning: trouble(cause, message), forAll: true };
}

function skewOf(answer: HttpAnswer, now: Date): number {
  const theirs = Date.parse(answer.headers['date'] ?? '');
  return Number.isNaN(theirs) ? 0 : Math.abs(theirs - now.getTime());
}
