import type { FastifyInstance } from 'fastify';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import type { ExposedTelemetry } from './telemetry.ts';

/** How full the queues are, and who works on them. */
export interface Figures {
  readonly queues: readonly {
    readonly queue: string;
    readonly waiting: number;
    readonly active: number;
    readonly oldest: Date | undefined;
  }[];
  readonly wakeUps: { readonly count: number; readonly next: Date | undefined };
  readonly workers: number;
}

export interface ProbeDeps {
  /** What is missing, in words without secrets; nothing: ready. */
  readonly missing: () => Promise<readonly string[]>;
  readonly shuttingDown: () => boolean;
  readonly figures: () => Promise<Figures>;
  readonly telemetry: ExposedTelemetry;
  readonly clock: Clock;
}

const askMs = 1500;

/**
 * `/livez`: the process lives. `/readyz`: it can serve, or what is missing. `/metrics`: figures for Prometheus, for all
 * who ask, as it tells counts and configured names alone.
 */
export function registerProbes(app: FastifyInstance, deps: ProbeDeps): void {
  const { telemetry, clock } = deps;

  app.get('/livez', async (_request, reply) => reply.type('text/plain').send('ok\n'));

  app.get('/readyz', async (_request, reply) => {
    const missing = deps.shuttingDown()
      ? ['shutting down']
      : await inTime(deps.missing(), ['redis does not answer'], clock);
    return reply.code(missing.length === 0 ? 200 : 503).send({ ready: missing.length === 0, missing });
  });

  app.get('/metrics', async (_request, reply) => {
    const figures = await inTime(deps.figures(), undefined, clock);
    if (figures !== undefined) tell(figures, telemetry, clock.now());
    return reply.type('text/plain; version=0.0.4; charset=utf-8').send(telemetry.render());
  });
}

function tell({ queues, wakeUps, workers }: Figures, telemetry: Telemetry, now: Date): void {
  const since = (time: Date | undefined): number =>
    time === undefined ? 0 : Math.max(0, (now.getTime() - time.getTime()) / 1000);
  for (const { queue, waiting, active, oldest } of queues) {
    telemetry.gauge('modelgate_queue_waiting', { queue }, waiting);
    telemetry.gauge('modelgate_queue_active', { queue }, active);
    telemetry.gauge('modelgate_queue_oldest_seconds', { queue }, since(oldest));
  }
  telemetry.gauge('modelgate_wakeups_waiting', {}, wakeUps.count);
  telemetry.gauge('modelgate_wakeups_overdue_seconds', {}, since(wakeUps.next));
  telemetry.gauge('modelgate_workers', {}, workers);
}

/** The answer, or the substitute when it fails or does not come within a moment. */
function inTime<Value>(work: Promise<Value>, otherwise: Value, clock: Clock): Promise<Value> {
  return new Promise((resolve) => {
    const cancel = clock.after(askMs, () => resolve(otherwise));
    work.then(resolve, () => resolve(otherwise)).finally(cancel);
  });
}
