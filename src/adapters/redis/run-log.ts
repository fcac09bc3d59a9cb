import type { Redis } from 'ioredis';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RunLog } from '../../ports/run-log.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

/** How much is kept, and how often it is written. */
export interface RunLogLimits {
  /** Lines of one run, roughly: Redis trims whole blocks. */
  readonly linesPerRun: number;
  /** Lines of all runs that wait to be written; more are dropped and counted. */
  readonly waiting: number;
  readonly lineLength: number;
  readonly batchMs: number;
}

const defaultRunLogLimits: RunLogLimits = {
  linesPerRun: 2000,
  waiting: 5000,
  lineLength: 16_384,
  batchMs: 50,
};

/** A run log that can be brought to an end. */
export interface FlushableRunLog extends RunLog {
  /** Writes what waits; resolves when it is written or lost. */
  flush(): Promise<void>;
}

/** Run logs as capped Redis streams, written in batches behind the back of the writer. */
export function createRunLog(
  redis: Redis,
  keys: Keys,
  deps: { readonly log: Log; readonly clock: Clock; readonly limits?: Partial<RunLogLimits> },
): FlushableRunLog {
  const limits = { ...defaultRunLogLimits, ...deps.limits };
  let waiting: { readonly runId: string; readonly line: string }[] = [];
  let dropped = 0;
  let cancelTimer: (() => void) | undefined;
  let writing: Promise<void> = Promise.resolve();
  let busy = false;

  async function write(): Promise<void> {
    const batch = waiting;
    waiting = [];
    const pipeline = redis.pipeline();
    for (const { runId, line } of batch) {
      pipeline.xadd(keys.log(runId), 'MAXLEN', '~', limits.linesPerRun, '*', 'line', line);
    }
    for (const runId of new Set(batch.map((entry) => entry.runId))) {
      pipeline.pexpire(keys.log(runId), keyTable.log.ttlMs);
    }
    const replies = await pipeline.exec();
    const failed = (replies ?? []).find(([error]) => error !== null);
    if (failed?.[0]) throw failed[0];
  }

  /** One batch at a time, so that an absent Redis holds one batch and the bounded rest waits here. */
  async function writeAll(): Promise<void> {
    busy = true;
    while (waiting.length > 0) {
      try {
        await write();
      } catch (error) {
        deps.log.warn({ reason: messageOf(error) }, 'lines of run logs could not be written');
      }
    }
    if (dropped > 0) deps.log.warn({ dropped }, 'lines of run logs were dropped');
    dropped = 0;
    busy = false;
  }

  function start(): Promise<void> {
    cancelTimer?.();
    cancelTimer = undefined;
    if (!busy) writing = writeAll();
    return writing;
  }

  return {
    append(runId, line) {
      if (waiting.length >= limits.waiting) {
        dropped += 1;
        return;
      }
      waiting.push({ runId, line: line.slice(0, limits.lineLength) });
      if (!busy) cancelTimer ??= deps.clock.after(limits.batchMs, () => void start());
    },

    async read(runId, after, limit, until) {
      const from = isCursor(after) ? after : undefined;
      const to = isCursor(until) ? until : '+';
      const start = from === undefined ? '-' : `(${from}`;
      const entries = await redis.xrange(keys.log(runId), start, to, 'COUNT', limit);
      const lines = entries.map(([, fields]) => fields[1] ?? '');
      return { lines, cursor: entries.at(-1)?.[0] ?? from };
    },

    flush: start,
  };
}

/** Whether it is the id of a stream entry: anybody may name a cursor, and Redis refuses what is none. */
function isCursor(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,15}-\d{1,15}$/.test(text);
}
