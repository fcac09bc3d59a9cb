import type { Readable } from 'node:stream';

/** A body, whole or cut off at the cap. */
export interface Body {
  readonly bytes: Buffer;
  /** More came, or was announced, than the cap allows; the rest was not read and the connection was closed. */
  readonly cut: boolean;
}

/** Reads at most `maxBytes` within `totalMs`. @throws what the stream throws; an error with code ETIMEDOUT. */
export async function readBody(stream: Readable, maxBytes: number, totalMs: number): Promise<Body> {
  const chunks: Buffer[] = [];
  let length = 0;
  const late = Object.assign(new Error(`the body took longer than ${totalMs} ms`), { code: 'ETIMEDOUT' });
  const timer = setTimeout(() => stream.destroy(late), totalMs);
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > maxBytes) return { bytes: Buffer.concat(chunks), cut: true };
      chunks.push(chunk);
    }
    return { bytes: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), cut: false };
  } finally {
    clearTimeout(timer);
  }
}
