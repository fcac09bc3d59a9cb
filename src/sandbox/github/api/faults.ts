/** What can go wrong with an API request. */
export type ApiFault =
  | {
      readonly kind: 'status';
      readonly status: 500 | 502 | 503 | 504;
      /** What the body is; JSON unless named. */
      readonly body?: 'json' | 'html' | 'text' | 'empty';
    }
  /** 503 that says when to come back; seconds. */
  | { readonly kind: 'busy'; readonly retryAfter: number }
  /** The hour's requests are used up; the limit is back after so many seconds. */
  | { readonly kind: 'primary-limit'; readonly status: 403 | 429; readonly resetIn: number }
  /** Too much at once; with or without saying when to come back. */
  | { readonly kind: 'secondary-limit'; readonly status?: 403 | 429; readonly retryAfter?: number }
  /** The request is carried out, but its answer is lost: 502. */
  | { readonly kind: 'applied-then-502' }
  /** No answer, until the client gives up or the sandbox closes. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

/** A request that came to the API, and what it was answered. */
export interface ApiRequest {
  readonly method: string;
  /** From `/repos` on, encoded as it was sent, without the query; `/api/v3` is left out. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text where it is none; undefined without a body. */
  readonly body: unknown;
  /** 0 where no answer was sent. */
  readonly status: number;
  /** What was answered, as a value; undefined without a body. */
  readonly answer: unknown;
}
