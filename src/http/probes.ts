import type { FastifyInstance } from 'fastify';
import type { OperationsState } from '../domain/operations.ts';
import type { ReleaseLine } from '../domain/release.ts';
import { secondsSinceRelease } from '../domain/release-figures.ts';
import { ageOf } from '../domain/symptoms.ts';
import type { Clock } from '../ports/clock.ts';
import type { GaugeName, Telemetry } from '../ports/telemetry.ts';
import { readinessOf } from './readiness.ts';
import type { ReadyCheck } from './readiness.ts';
import type { ExposedTelemetry } from './telemetry.ts';

export interface ProbeDeps {
  /** What readiness looks at, in words without secrets. */
  readonly checks: () => Promise<readonly ReadyCheck[]>;
  readonly shuttingDown: () => boolean;
  readonly figures: () => Promise<OperationsState>;
  /** What is released; absent: this process does not tell. */
  readonly releases?: (() => Promise<ReleaseStanding>) | undefined;
  readonly telemetry: ExposedTelemetry;
  readonly clock: Clock;
}

/** The lines, and how much of them is held. */
export interface ReleaseStanding {
  readonly lines: readonly ReleaseLine[];
  readonly held: number;
}

const askMs = 1500;

const leaving: ReadyCheck = { check: 'process', state: 'error', what: 'shutting down' };
const silent: ReadyCheck = {
  check: 'redis reachable',
  state: 'error',
  what: 'redis does not answer',
  remedy: 'Start it, or correct REDIS_URL.',
};

/** Figures that only Redis knows. */
const fromRedis = [
  'modelgate_queue_depth',
  'modelgate_queue_waiting',
  'modelgate_queue_active',
  'modelgate_queue_oldest_seconds',
  'modelgate_queue_oldest_active_seconds',
  'modelgate_wakeups_waiting',
  'modelgate_wakeups_overdue_seconds',
  'modelgate_workers',
  'modelgate_failed_jobs',
  'modelgate_effects_paused',
  'modelgate_release_lines_held',
  'modelgate_release_last_seconds',
] as const satisfies readonly GaugeName[];

/**
 * `/livez`: the process lives. `/readyz`: whether it can serve, and why not. `/metrics`: figures for Prometheus, for all
 * who ask, as it tells counts and configured names alone.
 */
export function registerProbes(app: FastifyInstance, deps: ProbeDeps): void {
  const { telemetry, clock } = deps;
  const currentChecks = shared(() => inTime(deps.checks(), [silent], clock));
  const currentFigures = shared(() => inTime(deps.figures(), undefined, clock));
  const currentReleases = shared(() => inTime(askReleases(), undefined, clock));
  const askReleases = async (): Promise<ReleaseStanding | undefined> => deps.releases?.();

  app.get('/livez', async (_request, reply) => reply.type('text/plain').send('ok\n'));

  app.get('/readyz', async (_request, reply) => {
    const checks = deps.shuttingDown() ? [leaving] : await currentChecks();
    const readiness = readinessOf(checks);
    return reply
      .code(readiness.ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send(readiness);
  });

  app.get('/metrics', async (_request, reply) => {
    const [figures, releases] = await Promise.all([currentFigures(), currentReleases()]);
    // Whoever takes the greatest of what all processes tell must not find what was true an hour ago.
    for (const name of fromRedis) telemetry.forget(name);
    telemetry.gauge('modelgate_redis_up', {}, figures === undefined ? 0 : 1);
    if (figures !== undefined) tell(figures, telemetry, clock.now());
    if (releases !== undefined) tellReleases(releases, telemetry, clock.now());
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(telemetry.render());
  });
}

function tell(state: OperationsState, telemetry: Telemetry, now: Date): void {
  const seconds = (since: string | undefined): number => ageOf(since, now) / 1000;
  for (const { queue, waiting, active, oldestWaiting, oldestActive } of state.queues) {
    telemetry.gauge('modelgate_queue_depth', { queue }, waiting + active);
    telemetry.gauge('modelgate_queue_waiting', { queue }, waiting);
    telemetry.gauge('modelgate_queue_active', { queue }, active);
    telemetry.gauge('modelgate_queue_oldest_seconds', { queue }, seconds(oldestWaiting));
    telemetry.gauge('modelgate_queue_oldest_active_seconds', { queue }, seconds(oldestActive));
    const workers = state.workers.filter(({ queues }) => queues.includes(queue));
    telemetry.gauge('modelgate_workers', { queue }, workers.length);
  }
  telemetry.gauge('modelgate_wakeups_waiting', {}, state.wakeUps.count);
  telemetry.gauge('modelgate_wakeups_overdue_seconds', {}, seconds(state.wakeUps.next));
  telemetry.gauge('modelgate_failed_jobs', {}, state.failed);
  telemetry.gauge('modelgate_effects_paused', {}, state.pause === undefined ? 0 : 1);
}

function tellReleases({ lines, held }: ReleaseStanding, telemetry: Telemetry, now: Date): void {
  telemetry.gauge('modelgate_release_lines_held', {}, held);
  for (const line of lines) {
    const { host, repositoryId: repository, environment } = line.line;
    const seconds = secondsSinceRelease(line, now);
    if (seconds !== undefined)
      telemetry.gauge('modelgate_release_last_seconds', { host, repository, environment }, seconds);
  }
}

/** Asks once for all who ask at the same time: strangers do, as often as they like. */
function shared<Value>(ask: () => Promise<Value>): () => Promise<Value> {
  let underWay: Promise<Value> | undefined;
  return () => {
    underWay ??= ask().finally(() => (underWay = undefined));
    return underWay;
  };
}

/** The answer, or the substitute when it fails or does not come within a moment. */
function inTime<Value>(work: Promise<Value>, otherwise: Value, clock: Clock): Promise<Value> {
  return new Promise((resolve) => {
    const cancel = clock.after(askMs, () => resolve(otherwise));
    work.then(resolve, () => resolve(otherwise)).finally(cancel);
  });
}
