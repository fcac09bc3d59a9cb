import { createQueue } from '../adapters/bullmq/queue.ts';
import { settledWithin } from '../adapters/bullmq/settled.ts';
import { connectProducer } from '../adapters/redis/connect.ts';
import { checkRedis } from '../adapters/redis/health.ts';
import type { RedisProblem } from '../adapters/redis/health.ts';
import { createKeys } from '../adapters/redis/keys.ts';
import { createWakeUps } from '../adapters/redis/wake-ups.ts';
import type { StuckLimits } from '../domain/symptoms.ts';
import { UserError } from '../errors.ts';
import type { Audit } from '../ports/audit.ts';
import type { Operations } from '../ports/operations.ts';
import type { ReleaseOperations } from '../ports/release-operations.ts';
import { createFoundation } from './foundation.ts';
import { composeOperations, stuckLimits } from './operations.ts';
import { composeReleases, runUrls } from './releases.ts';
import { configuredRedis } from './redis.ts';
import type { Surroundings } from './surroundings.ts';
import { connected } from './connected.ts';

/** What a terminal works with. */
export interface OperationsAtHand {
  readonly operations: Operations;
  readonly audit: Audit;
  readonly releases: ReleaseOperations;
  /** The page of a run in Kubeflow; undefined where the configuration names none. */
  readonly runUrl: (environment: string, serverRunId: string) => string | undefined;
  readonly limits: StuckLimits;
  readonly now: () => Date;
  /** What is wrong with Redis although it answers. */
  readonly redis: readonly RedisProblem[];
}

/** What the end may wait for Redis. Milliseconds. */
const stepMs = 1000;

/**
 * Opens the installation that a configuration describes, lets `use` work with it, and closes it again.
 * @throws UserError where there is no configuration, no Redis, or a Redis that does not answer.
 */
export async function withOperations<Result>(
  options: { readonly config: string | undefined },
  surroundings: Surroundings,
  use: (at: OperationsAtHand) => Promise<Result>,
): Promise<Result> {
  const foundation = createFoundation(surroundings, options.config);
  const { config, log, clock } = foundation;
  const redis = connectProducer(configuredRedis(foundation).url, foundation.redisOutages);
  const keys = createKeys(config.redis.prefix);
  const wakeUps = createWakeUps(redis, keys, log);
  const queue = createQueue({ connection: redis, prefix: keys.queuePrefix, log }, wakeUps);
  try {
    await connected(redis);
    const found = await checkRedis(redis);
    const silent = found.find(({ check }) => check === 'reachable');
    if (silent !== undefined) throw new UserError('redis-away', silent.what, silent.remedy);
    const storage = composeOperations({ redis, keys, queue, wakeUps }, foundation);
    const { operations: releases } = composeReleases({ redis, keys }, { queue, audit: storage.audit, clock });
    const runUrl = runUrls(config);
    return await use({
      ...storage,
      releases,
      runUrl,
      limits: stuckLimits(config),
      now: () => clock.now(),
      redis: found,
    });
  } finally {
    await settledWithin(queue.close(), stepMs, clock);
    redis.disconnect();
    await foundation.close();
  }
}
