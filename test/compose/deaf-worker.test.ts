import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startWorker } from '../../src/compose/worker.ts';
import { createFoundation } from '../../src/compose/foundation.ts';
import { createTelemetry } from '../../src/http/telemetry.ts';
import { portOf } from '../support/port-of.ts';
import { eventually, startRedis, type TestRedis } from '../support/redis.ts';
import { storyTiming } from '../support/story-timing.ts';

/** Between a worker and Redis: connections can be made to hang, as after a failover without a word. */
interface Wire {
  readonly url: string;
  /** What is connected now stays connected and carries nothing any more. */
  hang(): void;
  close(): Promise<void>;
}

async function startWire(redis: TestRedis): Promise<Wire> {
  const pairs: [Socket, Socket][] = [];
  const server: Server = createServer((near) => {
    const far = connect(redis.port, '127.0.0.1');
    pairs.push([near, far]);
    near.pipe(far);
    far.pipe(near);
    for (const socket of [near, far]) socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = new URL(redis.url);
  url.port = String(portOf(server));
  return {
    url: url.href,
    hang() {
      for (const [near, far] of pairs) {
        near.unpipe(far);
        far.unpipe(near);
        for (const socket of [near, far]) socket.pause();
      }
    },
    async close() {
      for (const socket of pairs.flat()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

let redis: TestRedis;
let wire: Wire;
let root: string;

beforeAll(async () => {
  redis = await startRedis();
  wire = await startWire(redis);
  root = await mkdtemp(join(tmpdir(), 'modelgate-deaf-'));
});
afterAll(async () => {
  await wire.close();
  await redis.close();
  await rm(root, { recursive: true, force: true });
});

test('a worker whose connections hang while Redis answers others — is deaf, and says so', async () => {
  const file = join(root, 'modelgate.yaml');
  await writeFile(
    file,
    `
hosts:
  - { id: corp, kind: gitlab, url: "http://127.0.0.1:9", token: a-token-of-the-test, webhookSecrets: ["\${SECRET}"], repositories: ["ml/*"] }
gate: { cacheDirectory: ${root}/cache }
`.replace('a-token-of-the-test', '"${TOKEN}"'),
  );
  const env = { TOKEN: 'glpat-a-token-of-the-test', SECRET: 'a-secret-of-the-test', REDIS_URL: wire.url };
  const foundation = createFoundation({ env, cwd: root, home: root, writeLog: () => undefined }, file);
  let outage = true;
  let asked = 0;
  const worker = await startWorker(foundation, {
    redisUrl: wire.url,
    publicUrl: 'http://127.0.0.1',
    telemetry: createTelemetry(),
    queues: () => {
      asked += 1;
      return outage ? Promise.reject(new Error('away')) : Promise.resolve([]);
    },
    timing: { ...storyTiming, beatMs: 50, silentMs: 400, abortMs: 200 },
  });
  let deaf: string | undefined;
  void worker.deaf.then(({ message }) => (deaf = message));
  await eventually('a sign of life', async () => (await redis.client.exists('modelgate:workers')) === 1);

  wire.hang();
  // While nobody can ask Redis, it is an outage.
  const before = asked;
  await eventually('longer than it may be silent', () => asked > before + 8);
  expect(deaf).toBeUndefined();
  outage = false;
  await eventually('it is noticed', () => deaf !== undefined);
  expect(deaf).toBe(
    'the worker does nothing any more: redis answers others, and takes no sign of life from this worker',
  );
  await worker.close();
  await foundation.close();
});
