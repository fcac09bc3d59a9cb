import { Redis } from 'ioredis';
import { startPrivateRedis } from '../../src/adapters/redis/private-redis.ts';
import type { PrivateRedis } from '../../src/adapters/redis/private-redis.ts';

/** A redis-server for one test file, and the ways in which it can fail. */
export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** A connection for looking into Redis; unusable while it is stopped or frozen. */
  readonly client: Redis;
  /** Forgets everything. */
  flush(): Promise<void>;
  /** Refuses every write, as at its memory limit. */
  fill(): Promise<void>;
  drain(): Promise<void>;
  /** The process hangs but keeps its connections. */
  freeze(): void;
  thaw(): void;
  /** The process is gone; `start` brings it back on the same port, empty. */
  stop(): Promise<void>;
  start(): Promise<void>;
  /** Ends everything; call it in afterAll. */
  close(): Promise<void>;
}

/** @throws UserError when there is no redis-server or valkey-server. */
export async function startRedis(): Promise<TestRedis> {
  const settings = {
    binary: process.env['MODELGATE_REDIS_SERVER'],
    searchPath: process.env['PATH'] ?? '',
  };
  let server: PrivateRedis | undefined = await startPrivateRedis(settings);
  const { url, port, password } = server;
  const client = new Redis(url, { maxRetriesPerRequest: null, retryStrategy: () => 20 });
  client.on('error', () => undefined);

  async function stop(): Promise<void> {
    await server?.stop();
    server = undefined;
  }

  return {
    url,
    port,
    client,
    flush: async () => void (await client.flushall()),
    fill: async () => void (await client.config('SET', 'maxmemory', '1')),
    drain: async () => void (await client.config('SET', 'maxmemory', '0')),
    freeze: () => void (server !== undefined && process.kill(server.pid, 'SIGSTOP')),
    thaw: () => void (server !== undefined && process.kill(server.pid, 'SIGCONT')),
    stop,
    start: async () => {
      server ??= await startPrivateRedis({ ...settings, port, password });
    },
    close: async () => {
      client.disconnect();
      await stop();
    },
  };
}

/** Asks again every few milliseconds until the answer is true; throws after `withinMs`. */
export async function eventually(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
