import type { ServerResponse } from 'node:http';

/** A request to git over HTTP: `GET /ml/auto-mpg.git/info/refs`. */
export interface GitRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
}

/** What can go wrong when git talks to the host. */
export type GitFault =
  | { readonly kind: 'status'; readonly status: 403 | 429 | 500 | 503 }
  | { readonly kind: 'hang' }
  | { readonly kind: 'drop' };

/** Answers as the fault says; a hanging request ends with the client or the server. */
export function sendGitFault(fault: GitFault, response: ServerResponse): void {
  if (fault.kind === 'status')
    response.writeHead(fault.status, { 'content-type': 'text/plain' }).end('Retry later\n');
  if (fault.kind === 'drop') response.destroy();
}
