import type { Redis } from 'ioredis';
import { RetryableError, StaleRecordError, UserError } from '../../errors.ts';
import { askRedis } from '../../net/redis-trouble.ts';

/** What every stored record begins with. */
export interface Versioned {
  readonly v: number;
  readonly rev: number;
}

/** The zset that lists records of a kind by time, newest last. */
export interface RecordIndex {
  readonly key: string;
  readonly member: string;
  readonly score: number;
  /** Members kept. */
  readonly keep: number;
}

/**
 * Writes a record together with its index, if the stored revision is the expected one. A record's text begins with
 * `{"v":1,"rev":7`, so that the revision is read without parsing megabytes. A record keeps its first place in the index.
 */
const compareAndSet = `
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
local rev = head == '' and '0' or string.match(head, '^{"v":%d+,"rev":(%d+)')
if rev ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
if KEYS[2] then
  redis.call('ZADD', KEYS[2], 'NX', ARGV[4], ARGV[5])
  redis.call('ZREMRANGEBYRANK', KEYS[2], 0, -1 - tonumber(ARGV[6]))
  redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', tonumber(ARGV[4]) - tonumber(ARGV[3]))
  redis.call('PEXPIRE', KEYS[2], ARGV[3])
end
return 1
`;

/**
 * Saves the record under its next revision and returns it so.
 *
 * @throws StaleRecordError when somebody else wrote it since it was loaded.
 * @throws RetryableError when Redis is away or refuses.
 */
export async function saveRecord<Stored extends Versioned>(
  redis: Redis,
  record: Stored,
  place: { readonly key: string; readonly ttlMs: number; readonly index?: RecordIndex },
): Promise<Stored> {
  const { v, rev, ...rest } = record;
  const text = JSON.stringify({ v, rev: rev + 1, ...rest });
  const { key, ttlMs, index } = place;
  const keys = index === undefined ? [key] : [key, index.key];
  const indexed = index === undefined ? [] : [index.score, index.member, index.keep];
  const values = [String(rev), text, ttlMs, ...indexed];
  const saved = await askRedis(() => redis.eval(compareAndSet, keys.length, ...keys, ...values));
  if (saved !== 1) throw new StaleRecordError(`${key} has another revision than ${rev}`);
  return { ...record, rev: rev + 1 };
}

/**
 * Reads what `saveRecord` wrote.
 *
 * @throws RetryableError when a newer modelgate wrote it: a worker of that version can read it.
 * @throws UserError `record-broken` when it is no record at all.
 */
export function readRecord<Stored extends Versioned>(
  key: string,
  text: string,
  kind: { readonly version: number; is(record: Versioned): record is Stored },
): Stored {
  const record = parse(text);
  if (isVersioned(record) && record.v > kind.version) {
    throw new RetryableError(
      `${key} has version ${record.v}, newer than this modelgate, which knows ${kind.version}`,
    );
  }
  if (isVersioned(record) && kind.is(record)) return record;
  throw new UserError(
    'record-broken',
    `the Redis key ${key} holds no record of modelgate`,
    `Look at it with GET; delete it with DEL ${key}: modelgate makes it again.`,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isVersioned(value: unknown): value is Versioned {
  return (
    typeof value === 'object' &&
    value !== null &&
    'v' in value &&
    typeof value.v === 'number' &&
    'rev' in value &&
    typeof value.rev === 'number'
  );
}
