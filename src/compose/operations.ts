import type { Redis } from '../adapters/redis/connect.ts';
import type { OpenQueue } from '../adapters/bullmq/queue.ts';
import { createAudit } from '../adapters/redis/audit.ts';
import { createFailures } from '../adapters/redis/failures.ts';
import { workerStates } from '../adapters/redis/heartbeat.ts';
import type { Keys } from '../adapters/redis/keys.ts';
import { createPauseSwitch } from '../adapters/redis/pause.ts';
import { createRedactor } from '../adapters/system/redact.ts';
import type { SecretRegistry } from '../domain/secret.ts';
import type { StuckLimits } from '../domain/symptoms.ts';
import { createOperations } from '../jobs/operations.ts';
import type { Audit } from '../ports/audit.ts';
import type { Clock } from '../ports/clock.ts';
import type { Failures, Operations, PauseSwitch } from '../ports/operations.ts';
import type { WakeUps } from '../ports/wake-ups.ts';
import type { Config } from '../config/config.ts';

/** What operations need that the caller has open already. */
export interface OpenStorage {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly queue: Pick<OpenQueue, 'depths'>;
  readonly wakeUps: WakeUps;
}

/** Operations over Redis, with the audit that they write. */
export function composeOperations(
  { redis, keys, queue, wakeUps }: OpenStorage,
  deps: { readonly clock: Clock; readonly secrets: SecretRegistry },
): { readonly operations: Operations; readonly audit: Audit } {
  const audit = createAudit(redis, keys);
  const operations = createOperations({
    ...composeTrouble(redis, keys, deps),
    audit,
    wakeUps,
    depths: () => queue.depths(),
    workers: () => workerStates(redis, keys),
    clock: deps.clock,
  });
  return { operations, audit };
}

/** What workers tell of failures, and ask about pauses. */
export function composeTrouble(
  redis: Redis,
  keys: Keys,
  { clock, secrets }: { readonly clock: Clock; readonly secrets: SecretRegistry },
): { readonly failures: Failures; readonly pauseSwitch: PauseSwitch } {
  const redactor = createRedactor(secrets);
  return {
    failures: createFailures(redis, keys, { clock, redact: (text) => redactor.text(text) }),
    pauseSwitch: createPauseSwitch(redis, keys),
  };
}

/** From when on a job counts as stuck. */
export function stuckLimits({ gate, limits }: Pick<Config, 'gate' | 'limits'>): StuckLimits {
  return { waitingMs: gate.stuckAfter, activeMs: 2 * limits.evaluationMs };
}
