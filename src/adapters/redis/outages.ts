import type { Redis } from 'ioredis';
import { messageOf } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { redisRemedies } from '../../net/redis-trouble.ts';

/** Tells of outages of Redis, however many connections of the process notice them. */
export interface Outages {
  /** From now on trouble of the connection counts; connections are closed when the process ends, and not before. */
  watch(redis: Redis): void;
}

/** How often it is said again while it lasts. Milliseconds. */
const againMs = 5 * 60_000;

/** One line when Redis goes away, one every five minutes while it lasts, one when all connections are back. */
export function createOutages(log: Log, nowMs: () => number): Outages {
  const watched = new Set<Redis>();
  let outage: { readonly began: number; told: number } | undefined;
  const seconds = (since: number): number => Math.round((nowMs() - since) / 1000);

  function lost(redis: Redis, error: unknown): void {
    // What was closed on purpose may still have been trying to connect.
    if (!watched.has(redis)) return;
    const now = nowMs();
    if (outage !== undefined && now - outage.told < againMs) return;
    outage = { began: outage?.began ?? now, told: now };
    const fields = { reason: messageOf(error), seconds: seconds(outage.began), remedy: redisRemedies.away };
    log.warn(fields, 'redis is away');
  }

  function look(): void {
    const back = watched.size > 0 && [...watched].every(({ status }) => status === 'ready');
    if (outage === undefined || !back) return;
    log.info({ seconds: seconds(outage.began) }, 'redis is back');
    outage = undefined;
  }

  return {
    watch(redis) {
      watched.add(redis);
      redis.on('error', (error) => lost(redis, error));
      redis.on('ready', look);
      redis.on('end', () => {
        watched.delete(redis);
        look();
      });
    },
  };
}
