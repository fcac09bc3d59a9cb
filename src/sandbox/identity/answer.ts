/** A request, its body read. */
export interface Asking {
  readonly method: string;
  /** Below the provider's base address, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** JSON; secrets are in it, so that nobody keeps it. */
export function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

/** A page. */
export function html(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body };
}

/** Somewhere else. */
export function redirect(url: string): Answer {
  return { status: 302, headers: { location: url }, body: '' };
}

/** The token of `Authorization: Bearer …`, or an empty text. */
export function bearerOf({ headers }: Asking): string {
  return /^Bearer (\S+)$/i.exec(headers['authorization'] ?? '')?.[1] ?? '';
}
