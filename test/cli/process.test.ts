import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startRedis, type TestRedis } from '../support/redis.ts';

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

/** A modelgate process, and what it has said. */
interface Started {
  readonly child: ChildProcess;
  readonly said: () => string;
  /** Resolves to its exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

let folder: string;
let redis: TestRedis;
let children: ChildProcess[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelgate-process-'));
  redis = await startRedis();
  await writeFile(
    join(folder, 'modelgate.yaml'),
    `
listen: { port: 0 }
hosts:
  - id: gitlab
    kind: gitlab
    url: http://127.0.0.1:9
    token: \${GITLAB_TOKEN}
    webhookSecrets: ["\${HOOK_SECRET}"]
    repositories: ["ml/*"]
gate: { cacheDirectory: ${folder}/cache }
`,
  );
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  children = [];
});
afterAll(async () => {
  await redis.close();
  await rm(folder, { recursive: true, force: true });
});

function run(args: readonly string[], variables: Readonly<Record<string, string>> = {}): Started {
  const secrets = { GITLAB_TOKEN: 'glpat-process-test', HOOK_SECRET: 'hook-secret-of-the-test' };
  const { PATH } = process.env;
  const env = { PATH, TMPDIR: folder, ...secrets, ...variables };
  const child = spawn(process.execPath, [program, ...args], { cwd: folder, env });
  children.push(child);
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? signal));
  });
  return { child, said: () => said, ended };
}

async function running(args: readonly string[], sign = 'worker started'): Promise<Started> {
  const started = run(args, { REDIS_URL: redis.url });
  await eventually(sign, () => started.said().includes(sign), 20_000);
  return started;
}

/** Asks the process to end: how, and after how many milliseconds, it did. */
async function terminate({
  child,
  ended,
}: Started): Promise<{ readonly code: unknown; readonly ms: number }> {
  const begin = performance.now();
  child.kill('SIGTERM');
  return { code: await ended, ms: performance.now() - begin };
}

const well = (ms: number) => ({ code: 0, ms: expect.toSatisfy((taken: number) => taken < ms) });

describe('SIGTERM', () => {
  const args = ['serve', '--with-worker'];

  test('Redis there — ends well, soon', { timeout: 40_000 }, async () => {
    expect(await terminate(await running(args))).toEqual(well(8000));
  });

  test('a worker alone — likewise', { timeout: 40_000 }, async () => {
    expect(await terminate(await running(['worker']))).toEqual(well(8000));
  });

  test(
    'Redis stopped, and no job at work — ends well, without waiting for it',
    { timeout: 60_000 },
    async () => {
      const started = await running(args);
      // A worker begins with a sweep, which would wait for Redis.
      await eventually('the sweep has ended', () => started.said().includes('"swept'));
      await redis.stop();
      try {
        await eventually('it is noticed', () => started.said().includes('redis is away'));
        expect(await terminate(started)).toEqual(well(4000));
      } finally {
        await redis.start();
      }
    },
  );

  test('Redis frozen — ends well, within 30 s', { timeout: 60_000 }, async () => {
    const started = await running(args);
    redis.freeze();
    try {
      expect(await terminate(started)).toEqual(well(30_000));
    } finally {
      redis.thaw();
    }
  });

  test('Redis not there from the start — the first signal ends it', { timeout: 60_000 }, async () => {
    await redis.stop();
    try {
      const started = run(args, { REDIS_URL: redis.url });
      await eventually('it listens', () => started.said().includes('"listening"'), 20_000);
      expect(await terminate(started)).toEqual(well(30_000));
    } finally {
      await redis.start();
    }
  });
});

test('a second signal — ends at once', { timeout: 40_000 }, async () => {
  const started = await running(['worker']);
  redis.freeze();
  started.child.kill('SIGTERM');
  await new Promise((resolve) => setTimeout(resolve, 300));
  const begin = performance.now();
  started.child.kill('SIGTERM');
  expect(await started.ended).toBe(130);
  expect(performance.now() - begin).toBeLessThan(1000);
  redis.thaw();
});

describe('the address cannot be had', () => {
  test.each([
    ['203.0.113.7', 'this machine has no such address (EADDRNOTAVAIL)', 'an address of this machine'],
    ['nowhere.invalid', 'the name has no address (', 'Correct listen.host'],
  ])(
    '%s — exit code 2, the cause and what to do about it, no word of Redis',
    { timeout: 40_000 },
    async (host, reason, remedy) => {
      const { ended, said } = run(['serve'], { MODELGATE_LISTEN_HOST: host, REDIS_URL: redis.url });

      expect(await ended).toBe(2);
      expect(said()).toContain(`modelgate serve: cannot listen on ${host}:0: ${reason}`);
      expect(said()).toContain(remedy);
      expect(said()).not.toContain('redis');
    },
  );
});

test(
  'a private Redis — nobody is told to make it keep things; the end is logged',
  { timeout: 40_000 },
  async () => {
    const started = run(['serve', '--with-worker']);
    await eventually('worker started', () => started.said().includes('worker started'), 20_000);
    expect(await terminate(started)).toEqual(well(8000));

    expect(started.said()).toContain('a private redis was started');
    expect(started.said()).not.toContain('appendonly');
    expect(started.said()).toContain('"listening ended"');
  },
);

describe('a secret file', () => {
  test.each(['serve', 'worker'])(
    'cannot be read by %s — exit code 2, the setting, its place, the file and what to do',
    { timeout: 40_000 },
    async (command) => {
      const { ended, said } = run([command], { GITLAB_TOKEN: `file:${folder}/absent`, REDIS_URL: redis.url });

      expect(await ended).toBe(2);
      expect(said()).toContain(
        `modelgate.yaml:7:12 hosts[0].token: the secret ${folder}/absent cannot be read: there is no such file (ENOENT). Mount the file`,
      );
      expect(said()).not.toContain('    at ');
    },
  );
});

describe('the port is taken', () => {
  test(
    'served with a private Redis — exit code 2, the address and what to do, nothing left behind',
    { timeout: 40_000 },
    async () => {
      const taken = createServer();
      await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
      const address = taken.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      const { ended, said } = run(['serve', '--with-worker'], { MODELGATE_LISTEN_PORT: String(port) });

      expect(await ended).toBe(2);
      taken.close();
      expect(said()).toContain(
        `modelgate serve: cannot listen on 127.0.0.1:${port}: another process listens there (EADDRINUSE)\n`,
      );
      expect(said()).toContain('End the other process, or set listen.port');
      expect(said()).not.toContain('redis is away');
      expect(said()).not.toContain('    at ');
      expect((await readdir(folder)).filter((name) => name.startsWith('modelgate-redis-'))).toEqual([]);
    },
  );
});

test('a role that does not exist — is refused', async () => {
  const { ended, said } = run(['worker', '--role', 'judge']);
  expect(await ended).toBe(2);
  expect(said()).toContain('there is no role "judge"; expected gate, release or all');
});
