import { createServer } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

/** One answer of the script; `hang`: none at all, `drop`: the connection is cut. */
export type ScriptedAnswer =
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string }
  | 'hang'
  | 'drop';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that gives the answers of its script in order, the last one for ever. */
export async function startScriptedServer(script: readonly ScriptedAnswer[]) {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const answer = script[Math.min(seen.length, script.length - 1)] ?? 'drop';
      seen.push({ method: request.method ?? '', path: request.url ?? '', headers: request.headers, body });
      if (answer === 'drop') response.destroy();
      else if (answer !== 'hang') {
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(answer.body ?? '{}');
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
