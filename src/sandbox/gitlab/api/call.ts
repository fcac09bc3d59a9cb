import type { Caller } from '../access.ts';

/** Values as JSON has them, loosely. */
export type Json = Readonly<Record<string, unknown>>;

/** An API request that found its route. */
export interface Call {
  readonly caller: Caller;
  /** Decoded values of the route's `:names`. */
  readonly path: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Query and body together, as the API reads parameters. */
  readonly params: Json;
  readonly headers: Readonly<Record<string, string>>;
}

/** What a route answers; `body` undefined sends none. */
export interface Answer {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One operation: `/projects/:id/statuses/:sha`, below `/api/v4`. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
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
