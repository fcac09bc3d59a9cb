import type { Redis } from 'ioredis';
import { lineKey, type LineId, type Release, type ReleaseLine } from '../../domain/release.ts';
import { askRedis } from '../../net/redis-trouble.ts';
import type { ReleaseStore } from '../../ports/release-store.ts';
import { keyTable, type Keys } from './keys.ts';
import { readRecord, saveRecord, type Versioned } from './records.ts';

const keepReleases = 1000;
const keepOfLine = 200;
/** Nobody has so many; it bounds what a mistake can do. */
const keepLines = 10_000;
/** A release with the logs of failed tasks may be a hundred kilobytes. */
const readAtOnce = 50;

/** Releases and lines in Redis. @throws RetryableError when Redis is away or refuses; what `records.ts` throws. */
export function createReleaseStore(redis: Redis, keys: Keys): ReleaseStore {
  async function readAll<Stored>(
    names: readonly string[],
    read: (key: string, text: string) => Stored,
  ): Promise<readonly Stored[]> {
    const found: Stored[] = [];
    for (let at = 0; at < names.length; at += readAtOnce) {
      const some = names.slice(at, at + readAtOnce);
      const texts = await askRedis(() => redis.mget([...some]));
      for (const [index, text] of texts.entries()) {
        if (text !== null) found.push(read(some[index] ?? '', text));
      }
    }
    return found;
  }

  return {
    loadLine: (line) => load(redis, keys.line(line), readLine),

    saveLine: (line) =>
      saveRecord(redis, line, {
        key: keys.line(line.line),
        ttlMs: keyTable.line.ttlMs,
        // Without a time: they are in the order of their names.
        indices: [
          {
            key: keys.lines,
            member: lineKey(line.line),
            score: 0,
            keep: keepLines,
            ttlMs: keyTable.lines.ttlMs,
            place: 'first',
          },
        ],
      }),

    loadRelease: (id) => load(redis, keys.release(id), readRelease),

    saveRelease(release) {
      const began = new Date(release.began).getTime();
      const of = { member: release.id, score: began, place: 'first' } as const;
      return saveRecord(redis, release, {
        key: keys.release(release.id),
        ttlMs: keyTable.release.ttlMs,
        indices: [
          { ...of, key: keys.releases, keep: keepReleases, ttlMs: keyTable.releases.ttlMs },
          {
            ...of,
            key: keys.lineReleases(release.line),
            keep: keepOfLine,
            ttlMs: keyTable.lineReleases.ttlMs,
          },
        ],
      });
    },

    async lines() {
      const names = await askRedis(() => redis.zrange(keys.lines, 0, '-1'));
      const ids = names.map(lineOf).filter((line) => line !== undefined);
      return readAll(
        ids.map((line) => keys.line(line)),
        readLine,
      );
    },

    async list({ line, offset = 0, limit }) {
      if (limit <= 0) return [];
      const key = line === undefined ? keys.releases : keys.lineReleases(line);
      const ids = await askRedis(() => redis.zrange(key, offset, String(offset + limit - 1), 'REV'));
      return readAll(
        ids.map((id) => keys.release(id)),
        readRelease,
      );
    },
  };
}

async function load<Stored>(
  redis: Redis,
  key: string,
  read: (key: string, text: string) => Stored,
): Promise<Stored | undefined> {
  const text = await askRedis(() => redis.get(key));
  return text === null ? undefined : read(key, text);
}

/** The line whose name `lineKey` made: no part of it has a slash. */
function lineOf(name: string): LineId | undefined {
  const [host, repositoryId, environment, ...more] = name.split('/');
  if (host === undefined || repositoryId === undefined || environment === undefined || more.length > 0)
    return undefined;
  return { host, repositoryId, environment };
}

function readLine(key: string, text: string): ReleaseLine {
  return readRecord(key, text, { version: keyTable.line.version, is: isLine });
}

function readRelease(key: string, text: string): Release {
  return readRecord(key, text, { version: keyTable.release.version, is: isRelease });
}

/** Only what pages and jobs cannot do without: the rest of a record of a known version is our own writing. */
function isRelease(record: Versioned): record is Release {
  return 'id' in record && 'line' in record && 'commit' in record && 'timeline' in record;
}

function isLine(record: Versioned): record is ReleaseLine {
  return 'line' in record && 'repository' in record && 'started' in record;
}
