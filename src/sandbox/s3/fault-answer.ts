import { answer, refuse, type S3Answer } from './answer.ts';
import { conflict } from './conditions.ts';
import type { S3Request } from './request.ts';
import { xmlDocument } from './xml.ts';

/** What can go wrong: an answer, slowness, silence, or a cut connection. */
export type S3Fault =
  /** Nothing is done; 502 and 504 are a proxy's, which does not speak XML. */
  | { readonly kind: 'status'; readonly status: 403 | 500 | 502 | 503 | 504 }
  /** 409 ConditionalRequestConflict; a multi-part upload that was to be completed is gone, as with S3. */
  | { readonly kind: 'conflict' }
  /** 200 with an error in its body, as CompleteMultipartUpload and CopyObject can answer; nothing is done. */
  | { readonly kind: 'late-error' }
  /** Everything is done, and the answer is lost: the connection is cut, or a proxy answers with the status. */
  | { readonly kind: 'lost'; readonly status?: 502 | 504 }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' }
  /** Promises the whole object and cuts the connection in its middle. */
  | { readonly kind: 'truncate' };

/** The answer of a fault that has one and does nothing; undefined: the request is served. */
export function faultAnswer(fault: S3Fault | undefined, request: S3Request): S3Answer | undefined {
  switch (fault?.kind) {
    case 'status':
      return statusAnswer(fault.status);
    case 'conflict':
      return conflict(request);
    case 'late-error': {
      const error =
        '<Code>InternalError</Code><Message>We encountered an internal error. Please try again.</Message>';
      const body = xmlDocument(`\n  \n<Error>${error}<RequestId>SANDBOX</RequestId></Error>`);
      return answer(200, { 'content-type': 'application/xml' }, body);
    }
    default:
      return undefined;
  }
}

/** An answer of something between us and the store. */
export function statusAnswer(status: 403 | 500 | 502 | 503 | 504): S3Answer {
  switch (status) {
    case 403:
      return refuse(403, 'AccessDenied', 'Access Denied');
    case 500:
      return refuse(500, 'InternalError', 'We encountered an internal error. Please try again.');
    case 502:
    case 504:
      return answer(status, { 'content-type': 'text/html' }, `<html><body><h1>${status}</h1></body></html>`);
    default:
      return refuse(503, 'SlowDown', 'Please reduce your request rate.', { headers: { 'retry-after': '1' } });
  }
}
