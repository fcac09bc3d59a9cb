import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Clock } from '../../ports/clock.ts';
import type { Person } from '../../ports/identity.ts';
import type { Sessions } from '../../ports/sessions.ts';
import { keyTable } from './keys.ts';
import type { Keys } from './keys.ts';

const minute = 60 * 1000;

/** A session ends this long after it was last used … */
const idleMs = keyTable.session.ttlMs;
/** … and this long after it began, however busy. */
const longestMs = 12 * 60 * minute;
/** Pages that are loaded in quick succession do not all write. */
const touchMs = minute;

interface SessionRecord {
  readonly v: 1;
  readonly person: Person;
  /** Milliseconds since 1970, as is `seen`. */
  readonly created: number;
  readonly seen: number;
}

/** Sessions by the hash of their id: who reads Redis cannot be somebody. */
export function createSessions(redis: Redis, keys: Keys, clock: Clock): Sessions {
  const keyOf = (id: string): string => keys.session(createHash('sha256').update(id).digest('hex'));

  function endOf({ created, seen }: SessionRecord): number {
    return Math.min(created + longestMs, seen + idleMs);
  }

  /** Only where it still is: somebody may sign out meanwhile. */
  async function touch(key: string, record: SessionRecord, now: number): Promise<void> {
    const next = { ...record, seen: now };
    await redis.set(key, JSON.stringify(next), 'PX', Math.max(1, endOf(next) - now), 'XX');
  }

  return {
    async open(person) {
      const id = randomBytes(32).toString('base64url');
      const now = clock.now().getTime();
      const record: SessionRecord = { v: 1, person, created: now, seen: now };
      await redis.set(keyOf(id), JSON.stringify(record), 'PX', idleMs);
      return id;
    },
    async find(id) {
      const key = keyOf(id);
      const text = await redis.get(key);
      if (text === null) return undefined;
      const record: SessionRecord = JSON.parse(text);
      const now = clock.now().getTime();
      if (record.v !== 1 || now >= endOf(record)) return undefined;
      if (now - record.seen >= touchMs) await touch(key, record, now);
      return record.person;
    },
    async close(id) {
      await redis.unlink(keyOf(id));
    },
  };
}
