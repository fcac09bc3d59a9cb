import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFailures } from '../../src/adapters/redis/failures.ts';
import { createHeartbeat } from '../../src/adapters/redis/heartbeat.ts';
import { createKeys } from '../../src/adapters/redis/keys.ts';
import { createClock } from '../../src/adapters/system/clock.ts';
import { runJobs } from '../../src/cli/jobs.ts';
import { UserError } from '../../src/errors.ts';
import { startRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';

const clock = createClock();
const keys = createKeys('modelgate');
const key = 'gate-change/corp/12/7';
let redis: TestRedis;
let root: string;

beforeAll(async () => {
  redis = await startRedis();
  root = await mkdtemp(join(tmpdir(), 'modelgate-jobs-'));
  const file = `
hosts:
  - { id: corp, kind: gitlab, url: "https://gitlab.example.com", token: "\${TOKEN}", webhookSecrets: ["\${SECRET}"], repositories: ["ml/*"] }
`;
  await writeFile(join(root, 'modelgate.yaml'), file);
});
afterAll(async () => {
  await redis.close();
  await rm(root, { recursive: true, force: true });
});

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}, user?: string) {
  let out = '';
  const terminal = {
    env: {
      REDIS_URL: redis.url,
      TOKEN: 'glpat-a-token-of-the-test',
      SECRET: 'a-secret-of-the-test',
      USER: 'ops',
      MODELGATE_CONFIG: join(root, 'modelgate.yaml'),
      ...env,
    },
    cwd: root,
    home: root,
    user,
    stdout: { write: (text: string) => void (out += text) },
    stderr: { write: (text: string) => void (out += text) },
    stop: new AbortController().signal,
  };
  const code = await runJobs(args, terminal);
  return { code, out };
}

async function beat(queues: readonly string[] = ['gate', 'upkeep']): Promise<void> {
  const about = { id: 'host-1-77', host: 'host-1', pid: 77, version: '9.8.7', clock, loopDelayMs: () => 3 };
  const since = new Date(Date.now() - 3_600_000).toISOString();
  const jobs = [{ kind: 'gate-change', ids: { host: 'corp', repositoryId: '12', number: 7 }, since }];
  await createHeartbeat(redis.client, keys, about)({ queues, jobs });
}

describe('modelgate jobs', () => {
  test('no worker — asked — says what is wrong and what to do, with 1', async () => {
    const { code, out } = await run([]);
    expect(code).toBe(1);
    expect(out).toContain('effects: not paused');
    expect(out).toContain('error: no worker gave a sign of life');
    expect(out).toMatch(/^gate +0 +- +0 +-$/m);
  });

  test('a worker with a slow job — listed — is marked', async () => {
    await beat();
    const { code, out } = await run(['workers']);
    expect(code).toBe(0);
    expect(out).toContain('host-1-77  version 9.8.7, queues gate upkeep');
    expect(out).toMatch(/gate-change corp 12 change 7 for 1h {2}SLOW/);
  });

  test('failed jobs — listed, retried, all retried — with control characters made visible', async () => {
    expect((await run(['failed'])).out).toBe('No job fails.\n');
    const failures = createFailures(redis.client, keys, { clock, redact: (text) => text });
    const payload = {
      v: 1,
      kind: 'gate-change',
      ids: { host: 'corp', repositoryId: '12', number: 7, attempt: 3 },
    };
    const next = new Date(Date.now() + 100_000).toISOString();
    await failures.note({
      key,
      queue: 'gate',
      payload,
      reason: 'away\u001b[2J',
      attempts: 3,
      next,
      newer: false,
    });

    const { out } = await run(['failed']);
    expect(out).toMatch(/^gate-change\/corp\/12\/7 {2}failed 3 times, since 0s, next try in 1m 3\ds$/m);
    expect(out).toContain('  away\\u001b[2J\n');
    const json: unknown = JSON.parse((await run(['failed', '--json'])).out);
    expect(json).toMatchObject([{ key, attempts: 3, reason: 'away\u001b[2J' }]);

    expect(await run(['retry', key])).toEqual({ code: 0, out: `${key} is due at once.\n` });
    expect((await run(['failed'])).out).toContain('next try now');
    expect((await run(['retry', 'nope'])).code).toBe(1);
    expect((await run(['retry', '--all'])).out).toBe('1 job due at once.\n');
  });

  test('pause, pause again, state, resume, resume again — say what holds', async () => {
    expect((await run(['pause', '--reason', 'moving'])).out).toContain('until modelgate jobs resume');
    const again = await run(['pause', '--reason', 'other'], { USER: 'eve' });
    expect(again.code).toBe(1);
    expect(again.out).toContain('Effects are paused already, by ops at a terminal: moving\n');
    expect(again.out).toContain('The reason was not changed');
    expect((await run(['pause', '--reason', 'moving'])).code).toBe(1);
    await beat();
    const { out } = await run([]);
    expect(out).toMatch(/^effects: PAUSED since .* by ops at a terminal: moving$/m);
    expect(out).toContain('modelgate jobs resume lets them happen again');
    expect((await run(['resume'])).out).toBe('Effects happen again.\n');
    expect((await run(['resume'])).out).toBe('Effects were not paused.\n');
  });

  test('audit — listed — has every deed, newest first', async () => {
    const { out } = await run(['audit']);
    const lines = out.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => / {2}(resume|pause|retry) /.exec(line)?.[1])).toEqual([
      'resume',
      'pause',
      'retry',
      'retry',
    ]);
    expect(lines[1]).toMatch(/ops at a terminal +pause +effects +moving$/);
  });

  test('who did it — is the user of the system, by sudo the one behind it', async () => {
    await run(['pause', '--reason', 'x'], { USER: '' }, 'deploy');
    expect((await run([])).out).toContain('by deploy at a terminal');
    await run(['resume'], { SUDO_USER: 'ada' }, 'root');
    expect((await run(['audit'])).out).toMatch(/ada at a terminal +resume/);
  });

  test('a worker that only releases — is no worker that judges, in the header, too', async () => {
    await redis.flush();
    await beat(['release']);
    const { code, out } = await run([]);
    expect(code).toBe(1);
    expect(out).toContain('1 worker (none judges), ');
    expect(out).toContain('error: no worker gave a sign of life within 30 seconds that judges');
  });

  test('redis full — asked, paused, resumed — says so with the remedy', async () => {
    await beat();
    await run(['pause', '--reason', 'x']);
    await redis.fill();
    try {
      const { code, out } = await run([]);
      expect(code).toBe(1);
      expect(out).toContain('error: redis is full\n  Raise maxmemory');
      expect((await run(['workers'])).code).toBe(0);
      await expect(run(['resume'])).rejects.toMatchObject({
        advice: { what: 'Redis is full', remedy: expect.stringContaining('Raise maxmemory') },
      });
    } finally {
      await redis.drain();
    }
    await run(['resume']);
  });

  test('redis full — the program pauses — prints a sentence and the remedy, and no stack', async () => {
    await redis.fill();
    try {
      const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
      const env = {
        REDIS_URL: redis.url,
        TOKEN: 'glpat-a-token-of-the-test',
        SECRET: 'a-secret-of-the-test',
      };
      const args = [program, 'jobs', 'pause', '--reason', 'x', '--config', join(root, 'modelgate.yaml')];
      const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
      const said = await text(child.stderr);
      expect(said).toMatch(/^modelgate jobs: Redis is full: OOM .*\nRaise maxmemory.*\n$/);
    } finally {
      await redis.drain();
    }
  });

  test('redis a read-only replica — asked — says so with the remedy', async () => {
    await redis.client.replicaof('127.0.0.1', '1');
    try {
      const { code, out } = await run([]);
      expect(code).toBe(1);
      expect(out).toContain('error: redis is a read-only replica\n  Name the primary in REDIS_URL.');
      await expect(run(['pause', '--reason', 'x'])).rejects.toMatchObject({
        advice: { what: 'Redis is a read-only replica' },
      });
    } finally {
      await redis.client.replicaof('NO', 'ONE');
    }
  });

  test.each([[['retry']], [['retry', key, 'x']], [['retry', key, '--all']]])(
    '%j — needs a key or --all',
    async (args) => {
      await expect(run(args)).rejects.toMatchObject({ code: 'usage', message: 'retry needs a KEY or --all' });
    },
  );

  test.each([[['frobnicate']], [['failed', key]]])('%j — is wrong use', async (args) => {
    await expect(run(args)).rejects.toMatchObject({ code: 'usage' });
  });

  test('a pause without a reason — is wrong use', async () => {
    await expect(run(['pause'])).rejects.toMatchObject({ code: 'usage', message: 'a pause needs a reason' });
  });

  test.each([
    ['no Redis named', { REDIS_URL: '' }],
    ['a Redis that is not there', { REDIS_URL: 'redis://127.0.0.1:1/0' }],
  ])('%s — says so within seconds', async (_what, env) => {
    await expect(run(['failed'], env)).rejects.toBeInstanceOf(UserError);
  });

  test('--help — prints every action', async () => {
    const { code, out } = await run(['--help']);
    expect(code).toBe(0);
    for (const action of ['failed', 'retry', 'pause', 'resume', 'workers', 'audit'])
      expect(out).toContain(`  ${action} `);
  });
});
