import { hostname } from 'node:os';
import type { Redis } from '../adapters/redis/connect.ts';
import { createHeartbeat, type Heartbeat } from '../adapters/redis/heartbeat.ts';
import type { Keys } from '../adapters/redis/keys.ts';
import { createLoopDelay } from '../adapters/system/loop-delay.ts';
import type { Clock } from '../ports/clock.ts';
import type { Telemetry } from '../ports/telemetry.ts';
import { readVersion } from './version.ts';

/** The heartbeat of the worker in this process, with how late its event loop was since the last beat. */
export function startBeating(deps: {
  readonly redis: Redis;
  readonly keys: Keys;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
}): { readonly heartbeat: Heartbeat; stop(): void } {
  const loopDelay = createLoopDelay();
  const host = hostname();
  const heartbeat = createHeartbeat(deps.redis, deps.keys, {
    id: `${host}-${process.pid}`,
    host,
    pid: process.pid,
    version: readVersion(),
    clock: deps.clock,
    loopDelayMs: () => {
      const ms = loopDelay.longest();
      deps.telemetry.gauge('modelgate_event_loop_delay_seconds', {}, ms / 1000);
      return ms;
    },
  });
  return { heartbeat, stop: () => loopDelay.stop() };
}
