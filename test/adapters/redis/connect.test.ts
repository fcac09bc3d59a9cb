import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectProducer, connectWorker } from '../../../src/adapters/redis/connect.ts';
import { checkRedis, judgeInfo, readInfo } from '../../../src/adapters/redis/health.ts';
import { createHeartbeat, liveWorkers, workerStates } from '../../../src/adapters/redis/heartbeat.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { startPrivateRedis } from '../../../src/adapters/redis/private-redis.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { UserError } from '../../../src/errors.ts';
import { createKeptLog } from '../../support/log.ts';
import { eventually, startRedis } from '../../support/redis.ts';
import { outagesTo } from '../../support/outages.ts';
import type { TestRedis } from '../../support/redis.ts';

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

async function timed(work: Promise<unknown>): Promise<{ readonly ms: number; readonly failed: boolean }> {
  const start = performance.now();
  const failed = await work.then(
    () => false,
    () => true,
  );
  return { ms: performance.now() - start, failed };
}

describe('producer connection', () => {
  test('redis stopped, then back — commands — fail at once, then work; one line each is logged', async () => {
    const { log, messages } = createKeptLog();
    const producer = connectProducer(redis.url, outagesTo(log));
    await eventually('connected', () => producer.status === 'ready');
    await redis.stop();
    await eventually('noticed', () => producer.status !== 'ready');

    for (let index = 0; index < 5; index += 1) {
      const { ms, failed } = await timed(producer.get('x'));
      expect(failed).toBe(true);
      expect(ms).toBeLessThan(100);
    }
    await eventually('said so', () => messages().includes('redis is away'));
    await redis.start();
    await eventually('back', () => producer.status === 'ready');
    expect(await producer.get('x')).toBeNull();
    expect(messages()).toEqual(['redis is away', 'redis is back']);
    producer.disconnect();
  });

  test('redis frozen, then thawed — commands — fail within 1.6 s, then at once, then work', async () => {
    const producer = connectProducer(redis.url, outagesTo(createKeptLog().log));
    await eventually('connected', () => producer.status === 'ready');
    redis.freeze();
    try {
      const first = await timed(producer.get('x'));
      expect(first.failed).toBe(true);
      expect(first.ms).toBeLessThan(1800);
      await eventually('given up', () => producer.status !== 'ready', 3000);
      expect((await timed(producer.get('x'))).ms).toBeLessThan(100);
    } finally {
      redis.thaw();
    }
    await eventually('back', () => producer.status === 'ready');
    expect(await producer.get('x')).toBeNull();
    producer.disconnect();
  });

  test('redis never there — a command — fails at once and the process lives', async () => {
    const producer = connectProducer('redis://127.0.0.1:1', outagesTo(createKeptLog().log));
    expect((await timed(producer.get('x'))).failed).toBe(true);
    expect(await checkRedis(producer)).toMatchObject([{ level: 'error', what: 'redis does not answer' }]);
    producer.disconnect();
  });
});

test('worker connection — redis stopped and back — the command waits and is answered', async () => {
  const worker = connectWorker(redis.url, outagesTo(createKeptLog().log));
  await worker.set('x', '1');
  await redis.stop();
  const answer = worker.get('x');
  await redis.start();
  expect(await answer).toBeNull();
  worker.disconnect();
});

describe('health', () => {
  test('our own redis — checked — only keeps nothing', async () => {
    expect(await checkRedis(redis.client)).toMatchObject([
      { level: 'warning', what: expect.stringContaining('keeps nothing') },
    ]);
  });

  test.each([
    ['redis_version:5.0.3', 'redis is version 5.0.3'],
    ['redis_version:6.0.16', 'redis is version 6.0.16'],
    ['role:slave', 'redis is a read-only replica'],
    ['maxmemory_policy:allkeys-lru', 'redis evicts keys when it is full (maxmemory-policy allkeys-lru)'],
    ['used_memory:100\r\nmaxmemory:100', 'redis is full'],
  ])('%s — judged — %s', (line, what) => {
    const problems = judgeInfo(
      readInfo(`redis_version:7.0.15\r\nmaxmemory_policy:noeviction\r\n${line}\r\n`),
    );
    expect(problems).toMatchObject([{ level: 'error', what }]);
  });

  test.each([
    'redis_version:6.2.0',
    'redis_version:7.4.1',
    'redis_version:10.0.0',
    'used_memory:100\nmaxmemory:0',
  ])('%s — judged — is fine', (line) => {
    expect(
      judgeInfo(readInfo(`redis_version:7.0.15\n${line}\nmaxmemory_policy:noeviction\naof_enabled:1`)),
    ).toEqual([]);
  });
});

test('heartbeats — of two workers — are listed', async () => {
  const keys = createKeys('beats');
  const clock = createClock();
  const about = { host: 'b', pid: 2, version: '1.2.3', clock, loopDelayMs: () => 12.4 };
  const jobs = [{ kind: 'gate-change', ids: { host: 'corp', number: 7 }, since: '2026-05-04T10:00:00.000Z' }];
  for (const id of ['b-2', 'a-1'])
    await createHeartbeat(redis.client, keys, { ...about, id })({ queues: ['gate'], jobs });
  expect(await liveWorkers(redis.client, keys)).toEqual(['a-1', 'b-2']);
  expect(await redis.client.pttl(keys.worker('a-1'))).toBeGreaterThan(25_000);
  await redis.client.zadd(keys.workers, 1000, 'dead-3');
  expect(await liveWorkers(redis.client, keys)).toEqual(['a-1', 'b-2']);
  const said = { host: 'b', pid: 2, version: '1.2.3', queues: ['gate'], jobs, loopDelayMs: 12 };
  expect(await workerStates(redis.client, keys)).toMatchObject([
    { id: 'a-1', ...said },
    { id: 'b-2', ...said },
  ]);

  const older = '{"v":1,"id":"b-2","at":"2026-05-04T10:00:00.000Z","queues":["gate"],"active":1}';
  await redis.client.set(keys.worker('b-2'), older);
  await redis.client.set(keys.worker('a-1'), 'no JSON');
  expect(await workerStates(redis.client, keys)).toMatchObject([{ id: 'b-2', version: '', jobs: [] }]);
});

describe('private redis', () => {
  test('with a directory — stopped and started there — keeps what it had', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'modelgate test '));
    const options = {
      binary: process.env['MODELGATE_REDIS_SERVER'],
      searchPath: process.env['PATH'] ?? '',
      directory,
    };
    for (const expected of [null, 'kept']) {
      const server = await startPrivateRedis(options);
      const client = connectWorker(server.url, outagesTo(createKeptLog().log));
      expect(await client.getset('x', 'kept')).toBe(expected);
      client.disconnect();
      await server.stop();
    }
    await rm(directory, { recursive: true });
  });

  test('no binary on the search path — started — says what to install', async () => {
    await expect(startPrivateRedis({ binary: undefined, searchPath: '/nowhere' })).rejects.toMatchObject({
      code: 'redis-binary',
      remedy: expect.stringContaining('MODELGATE_REDIS_SERVER'),
    });
  });

  test('a binary that is none — started — says so', async () => {
    await expect(startPrivateRedis({ binary: '/bin/false', searchPath: '' })).rejects.toThrow(UserError);
    await expect(startPrivateRedis({ binary: '/nowhere/redis', searchPath: '' })).rejects.toThrow(UserError);
  });

  test('without its password — asked — refuses', async () => {
    const { log, lines } = createKeptLog();
    const stranger = connectProducer(`redis://127.0.0.1:${redis.port}`, outagesTo(log));
    await eventually('refused', () => lines.length > 0);
    expect(lines[0]?.fields['reason']).toContain('NOAUTH');
    expect(stranger.status).not.toBe('ready');
    stranger.disconnect();
  });
});
