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
  /** Members kept, and for how long after the last write; undefined: without end. */
  readonly keep: number;
  readonly ttlMs: number | undefined;
  /** `first`: a member that is there keeps its place; `newest`: it gets the newer one. */
  readonly place: 'first' | 'newest';
}

/** A shorter text of the same record, for those who need no more. */
export interface RecordCopy {
  readonly key: string;
  readonly text: string;
}

/**
 * Writes a record together with its copy and its indices, if the stored revision is the expected one. A record's text
 * begins with `{"v":1,"rev":7`, so that the revision is read without parsing megabytes. KEYS: record, copy (if ARGV[4] is
 * not empty), indices; ARGV: revision, text, ttl, copy, five for each index. A time to live that is empty is none.
 */
const compareAndSet = `
local head = redis.call('GETRANGE', KEYS[1], 0, 63)
local rev = head == '' and '0' or string.match(head, '^{"v":%d+,"rev":(%d+)')
if rev ~= ARGV[1] then return 0 end
if ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
end
local first = 2
if ARGV[4] ~= '' then
  redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[3])
  first = 3
end
for at = first, #KEYS do
  local arg = 5 + (at - first) * 5
  redis.call('ZADD', KEYS[at], ARGV[arg + 4], ARGV[arg], ARGV[arg + 1])
  redis.call('ZREMRANGEBYRANK', KEYS[at], 0, -1 - tonumber(ARGV[arg + 2]))
  if ARGV[arg + 3] ~= '' then
    redis.call('ZREMRANGEBYSCORE', KEYS[at], '-inf', tonumber(ARGV[arg]) - tonumber(ARGV[arg + 3]))
    redis.call('PEXPIRE', KEYS[at], ARGV[arg + 3])
  end
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
  place: {
    readonly key: string;
    /** undefined: it is kept without end, and has no copy. */
    readonly ttlMs: number | undefined;
    readonly copy?: RecordCopy;
    readonly indices?: readonly RecordIndex[];
  },
): Promise<Stored> {
  const { v, rev, ...rest } = record;
  const text = JSON.stringify({ v, rev: rev + 1, ...rest });
  const { key, ttlMs, copy, indices = [] } = place;
  const keys = [key, ...(copy === undefined ? [] : [copy.key]), ...indices.map((index) => index.key)];
  const indexed = indices.flatMap((index) => {
    const mode = index.place === 'first' ? 'NX' : 'GT';
    return [index.score, index.member, index.keep, index.ttlMs ?? '', mode];
  });
  const values = [String(rev), text, ttlMs ?? '', copy?.text ?? '', ...indexed];
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
