import type { Redis } from 'ioredis';
import { askRedis } from '../../net/redis-trouble.ts';
import type { AuditEntry } from '../../domain/operations.ts';
import type { Audit } from '../../ports/audit.ts';
import type { Keys } from './keys.ts';

/** Entries kept, roughly: Redis trims whole blocks. */
const mostEntries = 100_000;
const longest = 1000;
const fields = ['at', 'actor', 'action', 'subject', 'reason'] as const;

/** A stream that is only appended to. @throws RetryableError when Redis is away or refuses. */
export function createAudit(redis: Redis, keys: Keys): Audit {
  return {
    async record(entry) {
      const pairs = fields.flatMap((name) => [name, entry[name].slice(0, longest)]);
      await askRedis(() => redis.xadd(keys.audit, 'MAXLEN', '~', mostEntries, '*', ...pairs));
    },
    async last(limit) {
      const entries = await askRedis(() => redis.xrevrange(keys.audit, '+', '-', 'COUNT', limit));
      return entries.map(([, pairs]) => readEntry(pairs));
    },
  };
}

function readEntry(pairs: readonly string[]): AuditEntry {
  const valueOf = (name: string): string => {
    const index = pairs.findIndex((text, at) => at % 2 === 0 && text === name);
    return index < 0 ? '' : (pairs[index + 1] ?? '');
  };
  const [at, actor, action, subject, reason] = fields.map(valueOf);
  return {
    at: at ?? '',
    actor: actor ?? '',
    action: action ?? '',
    subject: subject ?? '',
    reason: reason ?? '',
  };
}
