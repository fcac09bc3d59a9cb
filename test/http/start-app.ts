import { createQueue } from '../../src/adapters/bullmq/queue.ts';
import { connectProducer } from '../../src/adapters/redis/connect.ts';
import { createDeliveries } from '../../src/adapters/redis/deliveries.ts';
import { checkRedis } from '../../src/adapters/redis/health.ts';
import { createKeys } from '../../src/adapters/redis/keys.ts';
import { createRunLists } from '../../src/adapters/redis/run-lists.ts';
import { createRunLog } from '../../src/adapters/redis/run-log.ts';
import { createRunStore } from '../../src/adapters/redis/run-store.ts';
import { createWakeUps } from '../../src/adapters/redis/wake-ups.ts';
import { createClock } from '../../src/adapters/system/clock.ts';
import { createSecretRegistry } from '../../src/adapters/system/secret-registry.ts';
import { composeOperations } from '../../src/compose/operations.ts';
import { composeReleases, releaseStanding } from '../../src/compose/releases.ts';
import { readyChecks } from '../../src/compose/readiness.ts';
import type { Event } from '../../src/domain/event.ts';
import type { PageAccess } from '../../src/http/access/decide.ts';
import { createPasswordAccess } from '../../src/http/access/password.ts';
import type { Access } from '../../src/http/access/visitor.ts';
import { buildApp } from '../../src/http/app.ts';
import { createTelemetry } from '../../src/http/telemetry.ts';
import type { Received, Receiver } from '../../src/ports/host.ts';
import { createKeptLog } from '../support/log.ts';
import { outagesTo } from '../support/outages.ts';
import { eventually } from '../support/redis.ts';
import { sampleSha } from '../support/sample-run.ts';

/** What a test sends: the stand-in for a host's receiver reads it. */
export type SentBody =
  | { readonly kind: 'ignored'; readonly id: string }
  | { readonly kind: 'event'; readonly id: string; readonly event: Event };

/** The least that a receiver does: a token in a header, JSON in the body. */
const receiver: Receiver = {
  refuse(headers) {
    const token = headers['x-gitlab-token'];
    if (token === 'breaks') throw new Error('a defect of the receiver');
    return token === 'right' || headers['webhook-signature'] !== undefined ? undefined : 'the token is wrong';
  },
  receive({ headers, body }): Received {
    if (headers['x-gitlab-token'] !== 'right') return { kind: 'rejected', reason: 'the token is wrong' };
    try {
      const sent: SentBody = JSON.parse(body.toString());
      return sent.kind === 'event' ? sent : { ...sent, reason: 'none of our business' };
    } catch {
      return { kind: 'malformed', id: 'unreadable', reason: 'the body is no JSON' };
    }
  },
};

/** The app on a real Redis, put together as the composition does. */
export function startApp(
  url: string,
  access: PageAccess | Access = { loopback: true },
  receivers: ReadonlyMap<string, Receiver> = new Map([['corp', receiver]]),
) {
  const { log, lines, messages } = createKeptLog();
  const clock = createClock();
  const keys = createKeys('t');
  const redis = connectProducer(url, outagesTo(log));
  const wakeUps = createWakeUps(redis, keys, log);
  const queue = createQueue({ connection: redis, prefix: keys.queuePrefix, log }, wakeUps);
  const runStore = createRunStore(redis, keys, clock);
  const runLog = createRunLog(redis, keys, { log, clock });
  const deliveries = createDeliveries(redis, keys, clock);
  const telemetry = createTelemetry();
  const state = { shuttingDown: false, notes: [] as readonly string[] };
  const secrets = createSecretRegistry();
  const { operations, audit } = composeOperations({ redis, keys, queue, wakeUps }, { clock, secrets });
  const releases = composeReleases({ redis, keys }, { queue, audit, clock });
  const limits = { waitingMs: 60_000, activeMs: 60_000 };
  const app = buildApp({
    log,
    webhooks: {
      receivers,
      deliveries,
      queue,
      takes: async () => (await checkRedis(redis)).every(({ level }) => level !== 'error'),
      clock,
      log,
      telemetry,
    },
    probes: {
      checks: async () => {
        const problems = await checkRedis(redis);
        const silent = problems.some(({ check }) => check === 'reachable');
        const found = silent ? undefined : await operations.state();
        return readyChecks({ problems, state: found, limits, notes: state.notes, now: clock.now() });
      },
      shuttingDown: () => state.shuttingDown,
      figures: () => operations.state(),
      releases: () => releaseStanding(releases.operations),
      telemetry,
      clock,
    },
    pages: {
      runStore,
      runLists: createRunLists(redis, keys),
      runLog,
      queue,
      releases: {
        ...releases,
        runUrl: (environment, run) => `https://kubeflow.example.com/${environment}/#/runs/details/${run}`,
      },
      access: 'visitorOf' in access ? access : createPasswordAccess(access, { log, clock }),
      operations: { operations, audit, limits, clock, held: () => releases.operations.held() },
      clock,
      log,
    },
  });
  return {
    app,
    redis,
    keys,
    queue,
    wakeUps,
    operations,
    audit,
    releases,
    runStore,
    runLog,
    lines,
    messages,
    state,
    end: async () => {
      await app.close();
      redis.disconnect();
    },
  };
}

export function touched(number: number, id: string): SentBody {
  const repository = { host: 'corp', id: '12', path: 'ml/auto-mpg' };
  return { kind: 'event', id, event: { kind: 'change-touched', repository, number, head: sampleSha('b') } };
}

/** A started app, and what stands behind it. */
export type StartedApp = ReturnType<typeof startApp>;

/** Lets `use` work with an app of its own, and ends it. */
export async function withApp<Value>(
  { redisUrl, access }: { readonly redisUrl: string; readonly access: Access },
  use: (app: StartedApp) => Promise<Value>,
): Promise<Value> {
  const app = startApp(redisUrl, access);
  await eventually('connected', () => app.redis.status === 'ready');
  try {
    return await use(app);
  } finally {
    await app.end();
  }
}
