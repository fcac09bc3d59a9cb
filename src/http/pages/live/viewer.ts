import type { ServerResponse } from 'node:http';

/** Somebody who watches: a response that stays open. */
export interface Viewer {
  /** What they have of the log; undefined: nothing yet. */
  cursor: string | undefined;
  /** The version of the page that they see; undefined: none, they want the log alone, which ends with the run. */
  version: string | undefined;
  /** They get what is read for all; otherwise they still catch up, or have no room. */
  isLive: boolean;
  /** Sends an event, unless they are gone; false: the connection has no room for more. */
  send(event: {
    readonly name: string;
    readonly id?: string | undefined;
    readonly lines: readonly string[];
  }): boolean;
  /** A comment, so that proxies see life. */
  beat(): void;
  /** Resolves when there is room again, or the viewer is gone. */
  drained(): Promise<void>;
  readonly isGone: () => boolean;
  /** Sends what waits, and ends. Whoever does not read it never sees the end: for them there is `cut`. */
  end(): void;
  /** Ends the connection, whatever waits. */
  cut(): void;
}

/** Browsers connect again after so many milliseconds. */
const retryMs = 2000;

/** Begins the answer. `headers` are sent with it. */
export function openViewer(
  response: ServerResponse,
  headers: Readonly<Record<string, string>>,
  begin: { readonly cursor: string | undefined; readonly version: string | undefined },
): Viewer {
  const isGone = (): boolean => response.destroyed || response.writableEnded;
  // Somebody who went away is no trouble; without a listener it would end the process.
  response.on('error', () => undefined);
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    // nginx would hold events back.
    'x-accel-buffering': 'no',
  });
  response.write(`retry: ${retryMs}\n\n`);
  return {
    ...begin,
    isLive: false,
    send: (event) => isGone() || response.write(eventText(event)),
    beat: () => void (isGone() || response.writableNeedDrain || response.write(':\n\n')),
    drained: () =>
      new Promise((resolve) => {
        if (!response.writableNeedDrain || isGone()) return resolve();
        const done = (): void => {
          response.off('drain', done).off('close', done);
          resolve();
        };
        response.on('drain', done).on('close', done);
      }),
    isGone,
    end: () => void response.end(),
    cut: () => void response.destroy(),
  };
}

/** The text of an event. A line must have no line break of its own. */
export function eventText({
  name,
  id,
  lines,
}: {
  readonly name: string;
  readonly id?: string | undefined;
  readonly lines: readonly string[];
}): string {
  const data = lines.map((line) => `data: ${line}\n`).join('');
  return `event: ${name}\n${id === undefined ? '' : `id: ${id}\n`}${data}\n`;
}
