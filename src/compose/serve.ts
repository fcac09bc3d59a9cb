import type { UserError } from '../errors.ts';
import { createTelemetry } from '../http/telemetry.ts';
import { createClosers, type Closers } from './closers.ts';
import { createFoundation, type Foundation } from './foundation.ts';
import { configuredOrPrivateRedis, configuredRedis } from './redis.ts';
import type { WorkerRole } from './roles.ts';
import type { Surroundings } from './surroundings.ts';
import type { Timing } from './timing.ts';
import { startWeb, type RunningWeb } from './web.ts';
import { startWorker } from './worker.ts';

/** Only workers can be deaf. */
const never = new Promise<UserError>(() => undefined);

/** A process at work. */
export interface Running {
  /** Where it listens. */
  readonly url: string;
  /** Its Redis, with the password; of a private one nobody else knows it. */
  readonly redisUrl: string;
  /** Resolves when the process does nothing any more although it could, and has to be started again. */
  readonly deaf: Promise<UserError>;
  /** Not ready, no more fetching, jobs get a while, then the end. */
  close(): Promise<void>;
}

/** What a server process is told when it starts. */
export interface ServeOptions {
  /** Path of the configuration; undefined: `modelgate.yaml` where there is one. */
  readonly config: string | undefined;
  /** Faster clocks for tests. */
  readonly timing?: Partial<Timing> | undefined;
  /** Aborted when the process is to end: what is still starting does not wait for Redis any more. */
  readonly stop?: AbortSignal | undefined;
}

/** `modelgate serve`: takes webhooks in and shows pages; with a worker in the same process it brings its own Redis. */
export function serve(
  options: ServeOptions & { readonly withWorker: boolean },
  surroundings: Surroundings,
): Promise<Running> {
  return start(options, surroundings, async (foundation, closers) => {
    const redis = options.withWorker
      ? await configuredOrPrivateRedis(foundation)
      : configuredRedis(foundation);
    closers.add(() => redis.release());
    const telemetry = createTelemetry();
    const web = await startWeb(foundation, {
      redisUrl: redis.url,
      privateRedis: redis.isPrivate,
      telemetry,
      served: 'webhooks-and-pages',
    });
    closers.add(() => web.close());
    if (options.withWorker) {
      const publicUrl = foundation.config.listen.port === 0 ? web.url : foundation.config.listen.publicUrl;
      const { timing, stop } = options;
      const worker = await startWorker(foundation, {
        redisUrl: redis.url,
        publicUrl,
        role: 'all',
        telemetry,
        queues: () => web.queues(),
        timing,
        stop,
      });
      closers.add(() => worker.close());
      return { ...web, redisUrl: redis.url, deaf: worker.deaf };
    }
    return { ...web, redisUrl: redis.url, deaf: never };
  });
}

/** `modelgate worker`: judges; serves probes alone. */
export function work(
  options: ServeOptions & { readonly role: WorkerRole },
  surroundings: Surroundings,
): Promise<Running> {
  return start(options, surroundings, async (foundation, closers) => {
    const redis = configuredRedis(foundation);
    const telemetry = createTelemetry();
    const web = await startWeb(foundation, { redisUrl: redis.url, telemetry, served: 'probes' });
    closers.add(() => web.close());
    const { publicUrl } = foundation.config.listen;
    const { timing, stop, role } = options;
    const queues = (): ReturnType<RunningWeb['queues']> => web.queues();
    const started = { redisUrl: redis.url, publicUrl, role, telemetry, queues, timing, stop };
    const worker = await startWorker(foundation, started);
    closers.add(() => worker.close());
    return { ...web, redisUrl: redis.url, deaf: worker.deaf };
  });
}

/** Starts the parts in order; where one cannot start, those before it are ended and the reason is thrown. */
async function start(
  options: ServeOptions,
  surroundings: Surroundings,
  parts: (
    foundation: Foundation,
    closers: Closers,
  ) => Promise<RunningWeb & Pick<Running, 'redisUrl' | 'deaf'>>,
): Promise<Running> {
  const foundation = createFoundation(surroundings, options.config);
  const closers = createClosers(foundation.log);
  closers.add(() => foundation.close());
  try {
    const web = await parts(foundation, closers);
    return {
      url: web.url,
      redisUrl: web.redisUrl,
      deaf: web.deaf,
      close() {
        web.stopBeingReady();
        return closers.close();
      },
    };
  } catch (error) {
    await closers.close();
    throw error;
  }
}
