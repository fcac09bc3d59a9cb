import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';

/** What was started so far, to be ended in the opposite order. */
export interface Closers {
  add(close: () => void | Promise<void>): void;
  /** Ends everything, once; trouble with one of them is logged and does not keep the others open. */
  close(): Promise<void>;
}

/** An empty list. `close` never throws: trouble is logged as a warning. */
export function createClosers(log: Log): Closers {
  const open: (() => void | Promise<void>)[] = [];
  let closing: Promise<void> | undefined;

  async function closeAll(): Promise<void> {
    for (const close of open.toReversed()) {
      try {
        await close();
      } catch (error) {
        log.warn({ reason: messageOf(error) }, 'something did not end properly');
      }
    }
  }

  return {
    add: (close) => void open.push(close),
    close: () => (closing ??= closeAll()),
  };
}
