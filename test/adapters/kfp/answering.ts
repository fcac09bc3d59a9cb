import { createServer } from 'node:http';
import { createKfpPipelines } from '../../../src/adapters/kfp/index.ts';
import type { KfpConfig } from '../../../src/adapters/kfp/config.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import type { Pipelines } from '../../../src/ports/pipelines.ts';
import { portOf } from '../../support/port-of.ts';

/** A request as it arrived. */
export interface SeenRequest {
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly authorization: string | undefined;
  readonly body: string;
}

/** What is answered; an object is sent as JSON; `drop`: the connection is cut. */
export type Answer =
  | {
      readonly status?: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | object;
    }
  | 'drop';

/** The adapter, and a server that says what a test wants it to say. */
export interface Answering {
  readonly pipelines: Pipelines;
  readonly url: string;
  readonly seen: readonly SeenRequest[];
  close(): Promise<void>;
}

export const now = new Date('2026-05-04T10:00:00.000Z');

/** Starts both; `answer` is asked for every request but those for health, unless it wants those, too. */
export async function startAnswering(
  answer: (request: SeenRequest) => Answer | undefined,
  config: (url: string) => Partial<KfpConfig> = () => ({}),
): Promise<Answering> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const url = new URL(request.url ?? '/', 'http://server');
      const asked = {
        method: request.method ?? '',
        path: url.pathname,
        query: Object.fromEntries(url.searchParams),
        authorization: request.headers.authorization,
        body: Buffer.concat(chunks).toString(),
      };
      seen.push(asked);
      const health = asked.path.endsWith('/healthz') ? { tag_name: '2.15.0' } : {};
      const own: Answer = answer(asked) ?? { body: health };
      if (own === 'drop') {
        response.destroy();
        return;
      }
      const { status = 200, headers = {}, body = {} } = own;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${portOf(server)}`;
  const dispatchers = createDispatchers();
  const clock = { now: () => now };
  const pipelines = createKfpPipelines(
    { environment: 'prod', url, namespace: 'ml', ...config(url) },
    { clock, dispatchers },
  );
  return {
    pipelines,
    url,
    seen,
    async close() {
      await dispatchers.close();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

/** Uses a server, and closes it. */
export async function withServer<T>(
  answer: (request: SeenRequest) => Answer | undefined,
  use: (world: Answering) => Promise<T>,
  config?: (url: string) => Partial<KfpConfig>,
): Promise<T> {
  const world = await startAnswering(answer, config);
  try {
    return await use(world);
  } finally {
    await world.close();
  }
}
