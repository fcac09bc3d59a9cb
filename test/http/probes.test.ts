import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createByteBudget } from '../../src/http/byte-budget.ts';
import { buildApp } from '../../src/http/app.ts';
import { createTelemetry } from '../../src/http/telemetry.ts';
import { createClock } from '../../src/adapters/system/clock.ts';
import { createKeptLog } from '../support/log.ts';
import { eventually, startRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { startApp } from './start-app.ts';

let redis: TestRedis;
let web: ReturnType<typeof startApp>;

beforeAll(async () => {
  redis = await startRedis();
  web = startApp(redis.url);
  await eventually('connected', () => web.redis.status === 'ready');
});
afterAll(async () => {
  await web.end();
  await redis.close();
});

async function get(url: string): Promise<[number, string]> {
  const { statusCode, body } = await web.app.inject(url);
  return [statusCode, body];
}

describe('probes', () => {
  test('all is well — asked — lives and is ready', async () => {
    expect(await get('/livez')).toEqual([200, 'ok\n']);
    expect(await get('/readyz')).toEqual([200, '{"ready":true,"missing":[]}']);
  });

  test('shutting down — asked — lives, is not ready, and says so', async () => {
    web.state.shuttingDown = true;
    expect((await get('/livez'))[0]).toBe(200);
    expect(await get('/readyz')).toEqual([503, '{"ready":false,"missing":["shutting down"]}']);
    web.state.shuttingDown = false;
  });

  test('redis stopped, then back — asked — not ready without its address, then ready', async () => {
    await redis.stop();
    expect(await get('/readyz')).toEqual([503, '{"ready":false,"missing":["redis does not answer"]}']);
    expect((await get('/livez'))[0]).toBe(200);
    expect((await get('/metrics'))[0]).toBe(200);
    await redis.start();
    await eventually('ready', async () => (await get('/readyz'))[0] === 200);
  });

  test('redis frozen — asked — not ready within two seconds', async () => {
    redis.freeze();
    const start = performance.now();
    const [code] = await get('/readyz');
    redis.thaw();
    expect(code).toBe(503);
    expect(performance.now() - start).toBeLessThan(2000);
    await eventually('ready', async () => (await get('/readyz'))[0] === 200);
  });

  test('redis evicts — asked — not ready, and says why', async () => {
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    expect((await get('/readyz'))[1]).toContain('maxmemory-policy allkeys-lru');
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
  });
});

describe('metrics', () => {
  test('jobs that wait — scraped — are told with the age of the oldest', async () => {
    await web.queue.poke({ kind: 'sweep', ids: {} });
    await web.queue.wakeAt({ kind: 'sweep', ids: {} }, new Date(Date.now() - 60_000));
    const [, text] = await get('/metrics');
    expect(text).toContain('modelgate_queue_waiting{queue="upkeep"} 1\n');
    expect(text).toContain('modelgate_queue_waiting{queue="gate"} 0\n');
    expect(text).toMatch(/modelgate_queue_oldest_seconds\{queue="upkeep"\} \d+/);
    expect(text).toMatch(/modelgate_wakeups_overdue_seconds (59|60|61)/);
    expect(text).toContain('modelgate_workers 0\n');
  });

  test('redis away — asked for figures — gives those of this process', async () => {
    const telemetry = createTelemetry();
    const app = buildApp({
      log: createKeptLog().log,
      probes: {
        missing: () => Promise.resolve([]),
        shuttingDown: () => false,
        figures: () => Promise.reject(new Error('away')),
        telemetry,
        clock: createClock(),
      },
    });
    expect((await app.inject('/metrics')).statusCode).toBe(200);
    expect((await app.inject('/runs/abc')).statusCode).toBe(404);
  });

  test('counted and observed — rendered — in the format of Prometheus', () => {
    const telemetry = createTelemetry();
    telemetry.count('modelgate_wakeups_poked_total', { queue: 'a"b\\c\nd', stranger: 'x' });
    telemetry.count('modelgate_wakeups_poked_total', { queue: 'gate' });
    telemetry.count('modelgate_wakeups_poked_total', { queue: 'gate' });
    telemetry.gauge('modelgate_workers', {}, 3);
    for (const seconds of [0.05, 0.5, 700])
      telemetry.observe('modelgate_job_seconds', { kind: 'sweep', result: 'done' }, seconds);
    const lines = telemetry.render().split('\n');

    expect(lines).toEqual(
      expect.arrayContaining([
        'modelgate_wakeups_poked_total{queue="a\\"b\\\\c\\nd"} 1',
        'modelgate_wakeups_poked_total{queue="gate"} 2',
        'modelgate_workers 3',
        '# TYPE modelgate_job_seconds histogram',
        'modelgate_job_seconds_bucket{kind="sweep",result="done",le="0.1"} 1',
        'modelgate_job_seconds_bucket{kind="sweep",result="done",le="0.5"} 2',
        'modelgate_job_seconds_bucket{kind="sweep",result="done",le="600"} 2',
        'modelgate_job_seconds_bucket{kind="sweep",result="done",le="+Inf"} 3',
        'modelgate_job_seconds_sum{kind="sweep",result="done"} 700.55',
        'modelgate_job_seconds_count{kind="sweep",result="done"} 3',
      ]),
    );
    expect(
      lines.filter((line) => line !== '' && !/^(# (HELP|TYPE) \w+ .+|\w+(\{.*\})? [\d.e+-]+)$/.test(line)),
    ).toEqual([]);
  });

  test('labels without end — counted — take bounded memory', () => {
    const telemetry = createTelemetry();
    for (let index = 0; index < 5000; index += 1)
      telemetry.count('modelgate_wakeups_poked_total', { queue: String(index) });
    expect(telemetry.render().split('\n').length).toBeLessThan(600);
  });
});

describe('byte budget', () => {
  const clock = createClock();
  const after = (ms: number, then: () => void) => clock.after(ms, then);

  test('a second large body — waits — until the first gives back, once', async () => {
    const budget = createByteBudget(100, after);
    const first = await budget.take(80, 10);
    const second = budget.take(60, 5000);
    first?.();
    first?.();
    expect(await second).toBeDefined();
    expect(budget.free()).toBe(40);
  });

  test('not in time — is undefined, and those behind get their turn', async () => {
    const budget = createByteBudget(100, after);
    await budget.take(80, 10);
    const large = budget.take(60, 20);
    const small = budget.take(10, 5000);
    expect(await large).toBeUndefined();
    expect(await small).toBeDefined();
    expect(budget.free()).toBe(10);
  });

  test('more than there is at all — takes everything', async () => {
    const budget = createByteBudget(100, after);
    const all = await budget.take(1000, 10);
    expect(budget.free()).toBe(0);
    all?.();
    expect(budget.free()).toBe(100);
  });
});
