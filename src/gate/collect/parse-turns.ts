import type { Unknown } from '../../domain/verdict.ts';

/** Keeps parsing from holding up everything else: one file a turn, and no more bytes than the check may parse. */
export interface ParseTurns {
  /** Lets other work go first. @throws the signal's reason when the evaluation was aborted meanwhile. */
  next(): Promise<void>;
  /** Whether a file of so many bytes may still be parsed; then they are spent. */
  spend(bytes: number): boolean;
}

/** Turns for one check: `parseBytes` (limits) for all of its files together. */
export function createParseTurns(parseBytes: number, signal: AbortSignal): ParseTurns {
  let left = parseBytes;
  return {
    async next() {
      await new Promise((resolve) => setImmediate(resolve));
      signal.throwIfAborted();
    },
    spend(bytes) {
      if (bytes > left) return false;
      left -= bytes;
      return true;
    },
  };
}

/** What is not known where files were not parsed any more; nothing where all of them were. */
export function notParsed(skipped: number, kind: string, parseBytes: number): readonly Unknown[] {
  if (skipped === 0) return [];
  const message = `together the files have more than the ${parseBytes} bytes that one check parses (limit parseBytes)`;
  const remedy =
    'raise limits.parseBytes in the server configuration, or let the policy name fewer files (data.scope, pipelines)';
  return [{ what: `${skipped} ${kind}`, cause: 'limit', message, remedy }];
}
