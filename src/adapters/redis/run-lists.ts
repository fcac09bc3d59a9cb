import type { Redis } from 'ioredis';
import { summaryOf, type RunSummary } from '../../domain/run-summary.ts';
import { askRedis } from '../../net/redis-trouble.ts';
import type { RunLists } from '../../ports/run-lists.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';
import { readRecord, type Versioned } from './records.ts';
import { loadRun } from './run-store.ts';

/** Lists of runs from their summaries. @throws RetryableError when Redis is away or refuses; what `records.ts` throws. */
export function createRunLists(redis: Redis, keys: Keys): RunLists {
  async function summaries(ids: readonly string[]): Promise<readonly RunSummary[]> {
    if (ids.length === 0) return [];
    const names = ids.map((id) => keys.summary(id));
    const texts = await askRedis(() => redis.mget(names));
    const found: RunSummary[] = [];
    for (const [index, text] of texts.entries()) {
      const id = ids[index] ?? '';
      const summary = text === null ? await fromRun(id) : read(names[index] ?? '', text);
      if (summary !== undefined) found.push(summary);
    }
    return found;
  }

  /** A version before summaries wrote the run: one at a time, as it may be megabytes. */
  async function fromRun(id: string): Promise<RunSummary | undefined> {
    const run = await loadRun(redis, keys, id);
    return run === undefined ? undefined : summaryOf(run);
  }

  async function newest(key: string, offset: number, limit: number): Promise<readonly RunSummary[]> {
    if (limit <= 0) return [];
    return summaries(await askRedis(() => redis.zrange(key, offset, String(offset + limit - 1), 'REV')));
  }

  return {
    recent: (offset, limit) => newest(keys.runs, offset, limit),
    ofSubject: (subject, limit) => newest(keys.subjectRuns(subject), 0, limit),
    async summary(id) {
      const [summary] = await summaries([id]);
      return summary;
    },
  };
}

function read(key: string, text: string): RunSummary {
  return readRecord(key, text, { version: keyTable.summary.version, is: isSummary });
}

function isSummary(record: Versioned): record is RunSummary {
  return 'id' in record && 'subject' in record && 'change' in record && 'findings' in record;
}
