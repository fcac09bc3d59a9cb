import { createServer, type IncomingMessage, type RequestListener } from 'node:http';

/** A server on 127.0.0.1. */
export interface Loopback {
  /** Without a slash at the end. */
  readonly url: string;
  /** Ends open connections too, also hanging ones. */
  close(): Promise<void>;
}

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function listenOnLoopback(handle: RequestListener, port = 0): Promise<Loopback> {
  const server = createServer({ keepAliveTimeout: 5_000, requestTimeout: 0 }, handle);
  server.on('clientError', (_error, socket) =>
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n'),
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  const taken = typeof address === 'object' ? address?.port : undefined;
  return { url: `http://127.0.0.1:${taken}`, close: closeOnce };

  function closeOnce(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }
}

/** The whole body, or undefined when it is longer than `maxBytes`. */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks) : undefined;
}

/** Header values as one string each; repeated headers are joined as HTTP allows. */
export function headerRecord(request: IncomingMessage): Readonly<Record<string, string>> {
  const record: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) record[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return record;
}

/** A body as the JSON that it is, or as its text; undefined: it is empty. */
export function readable(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  const text = body.toString();
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
