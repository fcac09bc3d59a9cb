/** What can go wrong with an API request. */
export type ApiFault =
  | { readonly kind: 'status'; readonly status: 500 | 502 | 503 }
  /** 429 with the plain text that is no JSON (specs git-hosts 4.2); seconds. */
  | { readonly kind: 'rate-limited'; readonly retryAfter: number }
  /** The request is carried out, but its answer is lost: 502. */
  | { readonly kind: 'applied-then-502' }
  /** No answer, until the client gives up or the sandbox closes. */
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

/** A request that came to the API, and what it was answered. */
export interface ApiRequest {
  readonly method: string;
  /** From `/api/v4` on, encoded as it was sent, without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON, or text where it is none; undefined without a body. */
  readonly body: unknown;
  /** 0 where no answer was sent. */
  readonly status: number;
}
