import type { Readable } from 'node:stream';

/** The end of a text, as far as it was read. */
export interface Tail {
  /** From a line's beginning on. */
  readonly text: string;
  /** The text goes on, but no more of it was read. */
  readonly cut: boolean;
}

/** How much is read, and kept of it, in bytes and milliseconds. */
export interface TailLimits {
  readonly readBytes: number;
  readonly keepBytes: number;
  readonly totalMs: number;
}

/** Reads a stream, and keeps its end. @throws what the stream throws. */
export async function readTail(stream: Readable, limits: TailLimits): Promise<Tail> {
  const { readBytes, keepBytes, totalMs } = limits;
  const kept: Buffer[] = [];
  let length = 0;
  let read = 0;
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stream.destroy();
  }, totalMs);
  const result = (cut: boolean): Tail => ({ text: textOf(Buffer.concat(kept), read, keepBytes), cut });
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      kept.push(chunk);
      length += chunk.length;
      read += chunk.length;
      while (length - (kept[0]?.length ?? 0) >= keepBytes) length -= kept.shift()?.length ?? 0;
      if (read > readBytes) return result(true);
    }
    return result(late);
  } catch (thrown) {
    if (late) return result(true);
    throw thrown;
  } finally {
    clearTimeout(timer);
  }
}

/** Without the rest of a line whose beginning is gone. */
function textOf(kept: Buffer, read: number, keepBytes: number): string {
  const end = kept.subarray(Math.max(0, kept.length - keepBytes));
  const text = end.toString('utf8');
  return end.length === read ? text : text.slice(text.indexOf('\n') + 1);
}
