import type { Redis } from 'ioredis';
import { redisRemedies } from '../../net/redis-trouble.ts';

/** What is looked at. */
export const redisChecks = ['reachable', 'version', 'role', 'eviction', 'memory', 'persistence'] as const;

/** Something about Redis that is not as modelgate needs it. An error: do not serve. */
export interface RedisProblem {
  readonly check: (typeof redisChecks)[number];
  readonly level: 'error' | 'warning';
  readonly what: string;
  readonly remedy: string;
}

/** Nobody can say more while it lasts. */
export const redisIsSilent: RedisProblem = {
  check: 'reachable',
  level: 'error',
  what: 'redis does not answer',
  remedy: redisRemedies.away,
};

const minimumVersion = [6, 2] as const;

/** Looks at Redis, for `/readyz` and at the start. Never throws: an unreachable Redis is a problem, too. */
export async function checkRedis(redis: Redis): Promise<readonly RedisProblem[]> {
  let text: string;
  try {
    // INFO is answered while Redis still loads its data and before the connection takes other commands: PING is not.
    await redis.ping();
    text = await redis.info();
  } catch {
    return [redisIsSilent];
  }
  return judgeInfo(readInfo(text));
}

/** The fields of an INFO reply. */
export function readInfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1));
  }
  return fields;
}

/** What is wrong, by the fields of INFO: managed services often forbid CONFIG. */
export function judgeInfo(info: ReadonlyMap<string, string>): readonly RedisProblem[] {
  const problems: RedisProblem[] = [];
  const version = info.get('redis_version') ?? '0';
  if (isOlder(version)) {
    problems.push({
      check: 'version',
      level: 'error',
      what: `redis is version ${version}`,
      remedy: `Run Redis ${minimumVersion.join('.')} or newer, or Valkey.`,
    });
  }
  if (info.get('role') === 'slave') {
    problems.push({
      check: 'role',
      level: 'error',
      what: 'redis is a read-only replica',
      remedy: 'Name the primary in REDIS_URL.',
    });
  }
  const policy = info.get('maxmemory_policy');
  if (policy !== undefined && policy !== 'noeviction') {
    problems.push({
      check: 'eviction',
      level: 'error',
      what: `redis evicts keys when it is full (maxmemory-policy ${policy})`,
      remedy: 'Set maxmemory-policy noeviction: an evicted key is a lost job or result.',
    });
  }
  const [used, limit] = [Number(info.get('used_memory') ?? 0), Number(info.get('maxmemory') ?? 0)];
  if (limit > 0 && used >= limit) {
    problems.push({ check: 'memory', level: 'error', what: 'redis is full', remedy: redisRemedies.full });
  }
  if (info.get('aof_enabled') === '0') {
    problems.push({
      check: 'persistence',
      level: 'warning',
      what: 'redis keeps nothing over a restart of its own',
      remedy: 'Set appendonly yes and appendfsync always; without it the sweep repairs what was lost.',
    });
  }
  return problems;
}

function isOlder(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < minimumVersion[0] || (major === minimumVersion[0] && minor < minimumVersion[1]);
}
