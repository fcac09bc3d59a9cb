import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { connectProducer } from '../../../src/adapters/redis/connect.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createRunLog } from '../../../src/adapters/redis/run-log.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { createKeptLog } from '../../support/log.ts';
import { eventually, startRedis } from '../../support/redis.ts';
import { outagesTo } from '../../support/outages.ts';
import type { TestRedis } from '../../support/redis.ts';

const keys = createKeys('t');
const clock = createClock();
let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(() => redis.flush());
afterAll(() => redis.close());

describe('run log', () => {
  test('lines of two runs — read by cursor — each in order, and nothing twice', async () => {
    const runLog = createRunLog(redis.client, keys, { log: createKeptLog().log, clock });
    for (let index = 0; index < 25; index += 1) {
      runLog.append('one', `line ${index}`);
      runLog.append('two', `other ${index}`);
    }
    await runLog.flush();

    const first = await runLog.read('one', undefined, 10);
    const second = await runLog.read('one', first.cursor, 100);
    const third = await runLog.read('one', second.cursor, 100);
    expect([...first.lines, ...second.lines]).toEqual(
      Array.from({ length: 25 }, (_, index) => `line ${index}`),
    );
    expect(third).toEqual({ lines: [], cursor: second.cursor });
    expect(await redis.client.pttl(keys.log('one'))).toBeGreaterThan(0);
  });

  test('appended — without a flush — is there by itself', async () => {
    const runLog = createRunLog(redis.client, keys, { log: createKeptLog().log, clock });
    runLog.append('one', 'a');
    await eventually(
      'the line is written',
      async () => (await runLog.read('one', undefined, 9)).lines.length === 1,
    );
    expect((await runLog.read('one', undefined, 9)).lines).toEqual(['a']);
  });

  test('a run nobody logged — read — has no lines', async () => {
    const runLog = createRunLog(redis.client, keys, { log: createKeptLog().log, clock });
    expect(await runLog.read('nope', undefined, 9)).toEqual({ lines: [], cursor: undefined });
  });

  test('thousands of lines — of one run — are capped, and long lines cut', async () => {
    const runLog = createRunLog(redis.client, keys, {
      log: createKeptLog().log,
      clock,
      limits: { linesPerRun: 200 },
    });
    for (let index = 0; index < 4000; index += 1) runLog.append('one', `line ${index}`);
    runLog.append('one', 'x'.repeat(1_000_000));
    await runLog.flush();

    const { lines } = await runLog.read('one', undefined, 5000);
    expect(lines.length).toBeLessThan(400);
    expect(lines.at(-1)).toHaveLength(16_384);
  });

  test('redis away — while a run logs on — nothing throws, the memory is bounded, and it goes on afterwards', async () => {
    const { log, lines } = createKeptLog();
    const producer = connectProducer(redis.url, outagesTo(log));
    const runLog = createRunLog(producer, keys, { log, clock, limits: { waiting: 100 } });
    await redis.stop();
    for (let index = 0; index < 1000; index += 1) runLog.append('one', `lost ${index}`);
    await runLog.flush();

    await redis.start();
    await eventually('the connection is back', () => producer.status === 'ready');
    runLog.append('one', 'after');
    await runLog.flush();

    expect((await runLog.read('one', undefined, 99)).lines).toEqual(['after']);
    expect(lines.find(({ message }) => message === 'lines of run logs were dropped')?.fields).toEqual({
      dropped: 900,
    });
    producer.disconnect();
  });
});
