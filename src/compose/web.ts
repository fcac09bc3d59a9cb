import { createQueue } from '../adapters/bullmq/queue.ts';
import { settledWithin } from '../adapters/bullmq/settled.ts';
import { connectProducer } from '../adapters/redis/connect.ts';
import { createDeliveries } from '../adapters/redis/deliveries.ts';
import { checkRedis } from '../adapters/redis/health.ts';
import { createKeys } from '../adapters/redis/keys.ts';
import { createRunLists } from '../adapters/redis/run-lists.ts';
import { createRunLog } from '../adapters/redis/run-log.ts';
import { createRunStore } from '../adapters/redis/run-store.ts';
import { createSessions } from '../adapters/redis/sessions.ts';
import { createWakeUps } from '../adapters/redis/wake-ups.ts';
import { buildApp } from '../http/app.ts';
import type { QueueState } from '../domain/operations.ts';
import type { ExposedTelemetry } from '../http/telemetry.ts';
import { watchSymptoms } from '../jobs/watch-symptoms.ts';
import { createClosers } from './closers.ts';
import { cannotListen } from './cannot-listen.ts';
import { connected, patienceWith } from './connected.ts';
import type { Foundation } from './foundation.ts';
import { createReceivers } from './hosts.ts';
import { composeOperations, stuckLimits } from './operations.ts';
import { createPageAccess } from './page-access.ts';
import { readyChecks } from './readiness.ts';
import { composeReleases, releaseStanding, runUrls } from './releases.ts';
import { readVersion } from './version.ts';

/** A server that listens. */
export interface RunningWeb {
  /** `http://127.0.0.1:8080`: where it really listens. */
  readonly url: string;
  /** How full the queues are, asked over the connection of whoever answers requests. */
  queues(): Promise<readonly QueueState[]>;
  /** Answers `/readyz` with 503 from now on. */
  stopBeingReady(): void;
  close(): Promise<void>;
}

/** What the process serves: everything, or, for a worker alone, probes. */
export type Served = 'webhooks-and-pages' | 'probes';

/** What requests under way get to be answered at the end. Milliseconds. */
const answerMs = 1000;

/** How often it is looked whether something is stuck. */
const watchMs = 30_000;

/** Starts to listen. @throws UserError `listen` when the address cannot be had. */
export async function startWeb(
  foundation: Foundation,
  options: {
    readonly redisUrl: string;
    /** It forgets everything on purpose, and nobody is told to change that. */
    readonly privateRedis?: boolean;
    readonly telemetry: ExposedTelemetry;
    readonly served: Served;
  },
): Promise<RunningWeb> {
  const { config, log, clock } = foundation;
  const { redisUrl, privateRedis = false, telemetry, served } = options;
  const redis = connectProducer(redisUrl, foundation.redisOutages);
  const keys = createKeys(config.redis.prefix);
  const store = createRunStore(redis, keys, clock);
  const runLog = createRunLog(redis, keys, { log, clock });
  // A worker in the same process puts its own in place of it.
  foundation.setRunSink((runId, line) => runLog.append(runId, line));
  const wakeUps = createWakeUps(redis, keys, log);
  const queue = createQueue({ connection: redis, prefix: keys.queuePrefix, log }, wakeUps);
  const { access, signIn } = createPageAccess(foundation, createSessions(redis, keys, clock));
  const { operations, audit } = composeOperations({ redis, keys, queue, wakeUps }, foundation);
  const releases = composeReleases({ redis, keys }, { queue, audit, clock });
  const limits = stuckLimits(config);
  let leaving = false;
  const app = buildApp({
    log,
    probes: {
      checks: async () => {
        const found = (await checkRedis(redis)).filter(({ level }) => level === 'error' || !privateRedis);
        const silent = found.some(({ check }) => check === 'reachable');
        const state = silent ? undefined : await operations.state().catch(() => undefined);
        return readyChecks({ problems: found, state, limits, notes: config.notes, now: clock.now() });
      },
      shuttingDown: () => leaving,
      figures: () => operations.state(),
      releases: () => releaseStanding(releases.operations),
      telemetry,
      clock,
    },
    ...(served === 'probes'
      ? {}
      : {
          webhooks: {
            receivers: createReceivers(foundation),
            deliveries: createDeliveries(redis, keys, clock),
            queue,
            takes: async () => (await checkRedis(redis)).every(({ level }) => level !== 'error'),
            clock,
            log,
            telemetry,
          },
          pages: {
            runStore: store,
            runLists: createRunLists(redis, keys),
            runLog,
            queue,
            releases: { ...releases, runUrl: runUrls(config) },
            access,
            operations: { operations, audit, limits, clock, held: () => releases.operations.held() },
            clock,
            log,
          },
          signIn,
        }),
  });
  const closers = createClosers(log);
  closers.add(() => redis.disconnect());
  closers.add(async () => void (await settledWithin(runLog.flush(), patienceWith(redis), clock)));
  closers.add(async () => void (await settledWithin(queue.close(), patienceWith(redis), clock)));
  closers.add(async () => {
    // Requests under way get a moment; connections that a client merely keeps open would hold us up for long.
    const cancel = clock.after(answerMs, () => app.server.closeAllConnections());
    await app.close();
    cancel();
  });
  let url: string;
  try {
    url = await app.listen({ host: config.listen.host, port: config.listen.port });
  } catch (error) {
    // Queues that end while they still connect say that Redis is away, which is not what is wrong.
    await connected(redis);
    await closers.close();
    throw cannotListen(config.listen, error);
  }
  await connected(redis);
  for (const { level, what, remedy } of await checkRedis(redis)) {
    if (level === 'error') log.error({ what, remedy }, 'about redis');
    else if (!privateRedis) log.warn({ what, remedy }, 'about redis');
  }
  if (served === 'webhooks-and-pages') {
    const watch = watchSymptoms({ state: () => operations.state(), limits, everyMs: watchMs, log, clock });
    closers.add(() => watch.stop());
  }
  telemetry.gauge('modelgate_build_info', { version: readVersion(), node: process.version }, 1);
  log.info({ url, hosts: config.hosts.map((host) => host.id) }, 'listening');
  return {
    url,
    queues: () => queue.depths(),
    stopBeingReady: () => void (leaving = true),
    async close() {
      await closers.close();
      log.info({ url }, 'listening ended');
    },
  };
}
