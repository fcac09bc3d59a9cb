import { createTelemetry } from '../http/telemetry.ts';
import { createFoundation } from './foundation.ts';
import { configuredOrPrivateRedis, configuredRedis } from './redis.ts';
import type { Surroundings } from './surroundings.ts';
import type { Timing } from './timing.ts';
import { startWeb } from './web.ts';
import { startWorker } from './worker.ts';

/** A process at work. */
export interface Running {
  /** Where it listens. */
  readonly url: string;
  /** Not ready, no more fetching, jobs get a while, then the end. */
  close(): Promise<void>;
}

/** What a server process is told when it starts. */
export interface ServeOptions {
  /** Path of the configuration; undefined: `modelgate.yaml` where there is one. */
  readonly config: string | undefined;
  /** Faster clocks for tests. */
  readonly timing?: Partial<Timing> | undefined;
}

/** `modelgate serve`: takes webhooks in and shows pages; with a worker in the same process it brings its own Redis. */
export async function serve(
  options: ServeOptions & { readonly withWorker: boolean },
  surroundings: Surroundings,
): Promise<Running> {
  const foundation = createFoundation(surroundings, options.config);
  const redis = options.withWorker ? await configuredOrPrivateRedis(foundation) : configuredRedis(foundation);
  const telemetry = createTelemetry();
  const web = await startWeb(foundation, { redisUrl: redis.url, telemetry, served: 'webhooks-and-pages' });
  const publicUrl = foundation.config.listen.port === 0 ? web.url : foundation.config.listen.publicUrl;
  const worker = options.withWorker
    ? await startWorker(foundation, { redisUrl: redis.url, publicUrl, telemetry, timing: options.timing })
    : undefined;
  return {
    url: web.url,
    async close() {
      web.stopBeingReady();
      await worker?.close();
      await web.close();
      await redis.release();
      await foundation.close();
    },
  };
}

/** `modelgate worker`: judges; serves probes alone. */
export async function work(options: ServeOptions, surroundings: Surroundings): Promise<Running> {
  const foundation = createFoundation(surroundings, options.config);
  const redis = configuredRedis(foundation);
  const telemetry = createTelemetry();
  const web = await startWeb(foundation, { redisUrl: redis.url, telemetry, served: 'probes' });
  const { publicUrl } = foundation.config.listen;
  const worker = await startWorker(foundation, { redisUrl: redis.url, publicUrl, telemetry, timing: options.timing });
  return {
    url: web.url,
    async close() {
      web.stopBeingReady();
      await worker.close();
      await web.close();
      await foundation.close();
    },
  };
}
