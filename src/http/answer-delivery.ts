import { createHash } from 'node:crypto';
import type { Event } from '../domain/event.ts';
import { messageOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Delivery, Receiver } from '../ports/host.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { takeIn } from './intake.ts';
import type { IntakeDeps } from './intake.ts';
import { createIntakeOutage } from './intake-outage.ts';
import type { OutageDeps } from './intake-outage.ts';
import { createLogSparingly } from './log-sparingly.ts';

export interface DeliveryDeps extends IntakeDeps, OutageDeps {
  /** The receivers by the id of their host in the configuration. */
  readonly receivers: ReadonlyMap<string, Receiver>;
  readonly log: Log;
  readonly telemetry: Telemetry;
}

/** Answers deliveries with a status code alone (specs git-hosts 1.4). */
export interface DeliveryAnswers {
  /** A delivery whose body was read. */
  answer(host: string, delivery: Delivery): Promise<number>;
  /** One that cannot be authentic by what it shows. */
  reject(host: string, reason: string): number;
  /** One whose body was not taken, or that we failed on: it is counted and logged. */
  refuse(host: string, code: number, error: unknown): void;
}

/** What is wrong with a body that is not taken, by the code of the answer. */
const refusals: Readonly<Record<number, { readonly result: string; readonly reason: string }>> = {
  413: { result: 'too-large', reason: 'the body is larger than any host sends' },
  415: { result: 'wrong-type', reason: 'the Content-Type is not application/json' },
  503: { result: 'busy', reason: 'too many large bodies at the same time' },
};

export function createDeliveryAnswers(deps: DeliveryDeps): DeliveryAnswers {
  const { receivers, clock, log, telemetry } = deps;
  const logSparingly = createLogSparingly(log, clock);
  const logOutage = createIntakeOutage(deps);

  function count(host: string, result: string, event: Event['kind'] | 'none' = 'none'): void {
    telemetry.count('modelgate_webhook_received_total', { host, event, result });
  }

  function reject(host: string, reason: string): number {
    count(host, 'rejected');
    logSparingly(`${host} ${reason}`, { host, reason }, 'a delivery was rejected');
    return 401;
  }

  function refuse(host: string, code: number, error: unknown): void {
    const broken = { result: code < 500 ? 'broken' : 'failed', reason: messageOf(error) };
    const { result, reason } = refusals[code] ?? broken;
    count(host, result);
    const defect = result === 'failed';
    const message = defect ? 'a delivery failed' : 'a delivery was refused';
    logSparingly(`${host} ${reason}`, { host, reason, code }, message, defect ? 'error' : 'warn');
  }

  async function onEvent(host: string, id: string, event: Event): Promise<number> {
    const repository = 'repository' in event ? event.repository.path : undefined;
    const change = 'number' in event ? event.number : undefined;
    const intake = await takeIn(`${host}/${id}`, event, deps);
    logOutage(intake);
    count(host, intake.result, event.kind);
    if (intake.result === 'unavailable') return 503;
    const fields = {
      delivery: id,
      host,
      repository,
      change,
      event: event.kind,
      result: intake.result,
    };
    log.info(fields, 'delivery taken in');
    return intake.result === 'duplicate' ? 200 : 202;
  }

  return {
    reject,
    refuse,
    async answer(host, delivery) {
      const received = receivers.get(host)?.receive(delivery, clock.now());
      if (received === undefined) return 404;
      if (received.kind === 'rejected') return reject(host, received.reason);
      if (received.kind === 'event') return onEvent(host, received.id, received.event);
      const { kind, id, reason } = received;
      count(host, kind);
      if (kind === 'ignored') {
        log.debug({ delivery: id, host, reason }, 'delivery ignored');
        return 200;
      }
      const sha256 = createHash('sha256').update(delivery.body).digest('hex');
      const fields = { delivery: id, host, reason, bytes: delivery.body.length, sha256 };
      log.warn(fields, 'an authentic delivery is not readable');
      return 202;
    },
  };
}
