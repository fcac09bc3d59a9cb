import type { Caller } from '../access.ts';

/** Values as JSON has them, loosely. */
export type Json = Readonly<Record<string, unknown>>;

/** An API request that found its route. */
export interface Call {
  readonly caller: Caller;
  /** Decoded values of the route's `:names`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** The fields of the body; of a GET, the query. */
  readonly params: Json;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  /** From `/repos` on, as it was sent, without the query. */
  readonly target: string;
  /** The address that `target` hangs below, for links to other pages. */
  readonly base: string;
}

/** What a route answers; `body` undefined sends none. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation: `/repos/:owner/:repo/git/ref/*ref`; a star takes the rest, slashes included. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly pattern: string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
}

/** 200 with a body. */
export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** 201 with a body. */
export function created(body: unknown): Answer {
  return { status: 201, body };
}
