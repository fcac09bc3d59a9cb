import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createByteBudget } from '../../src/http/byte-budget.ts';
import { buildApp } from '../../src/http/app.ts';
import { createTelemetry } from '../../src/http/telemetry.ts';
import { createHeartbeat } from '../../src/adapters/redis/heartbeat.ts';
import { createClock } from '../../src/adapters/system/clock.ts';
import { parseExposition } from '../support/exposition.ts';
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
    const [code, body] = await get('/readyz');
    expect([code, JSON.parse(body)]).toMatchObject([200, { ready: true, missing: [] }]);
  });

  test('shutting down — asked — lives, is not ready, and says so', async () => {
    web.state.shuttingDown = true;
    expect((await get('/livez'))[0]).toBe(200);
    const [code, body] = await get('/readyz');
    web.state.shuttingDown = false;
    expect(code).toBe(503);
    expect(JSON.parse(body)).toMatchObject({ ready: false, missing: ['shutting down'] });
  });

  test('redis stopped, then back — asked — not ready without its address, then ready', async () => {
    await redis.stop();
    const [code, body] = await get('/readyz');
    expect(code).toBe(503);
    expect(JSON.parse(body)).toMatchObject({
      missing: ['redis does not answer'],
      checks: [
        { check: 'redis reachable', state: 'error', remedy: 'Start it, or correct REDIS_URL.' },
        ...['version', 'role', 'eviction', 'memory', 'persistence'].map((name) => ({
          check: `redis ${name}`,
          state: 'unknown',
        })),
      ],
    });
    expect(body).not.toContain(String(redis.port));
    expect((await get('/livez'))[0]).toBe(200);
    expect((await get('/metrics'))[0]).toBe(200);
    await redis.start();
    await eventually('ready', async () => (await get('/readyz'))[0] === 200);
  });

  test('redis frozen — asked — answers while it is, that it is not ready', async () => {
    redis.freeze();
    const [code] = await get('/readyz');
    redis.thaw();
    expect(code).toBe(503);
    await eventually('ready', async () => (await get('/readyz'))[0] === 200);
  });

  test('redis evicts — asked — not ready, and says why', async () => {
    await redis.client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    const [code, body] = await get('/readyz');
    expect(code).toBe(503);
    expect(body).toContain('maxmemory-policy allkeys-lru');
    expect(body).toContain('Set maxmemory-policy noeviction');
    await redis.client.config('SET', 'maxmemory-policy', 'noeviction');
  });
});

test.each(['/readyz', '/metrics'])('%s — asked by many at the same time — asks once', async (url) => {
  let asked = 0;
  const { log } = createKeptLog();
  const ask = async <Value>(value: Value) => {
    asked += 1;
    await new Promise((resolve) => setTimeout(resolve, 20));
    return value;
  };
  const state = {
    pause: undefined,
    queues: [],
    wakeUps: { count: 0, next: undefined },
    workers: [],
    failed: 0,
  };
  const probes = {
    checks: () => ask([]),
    figures: () => ask(state),
    shuttingDown: () => false,
    telemetry: createTelemetry(),
    clock: createClock(),
  };
  const app = buildApp({ log, probes });
  await app.ready();
  const answers = await Promise.all(Array.from({ length: 20 }, () => app.inject(url)));
  expect(answers.map(({ statusCode }) => statusCode)).toEqual(answers.map(() => 200));
  expect(asked).toBe(1);
  await app.inject(url);
  expect(asked).toBe(2);
  await app.close();
});

/** What `/readyz` says of one thing. */
async function readyCheck(name: string): Promise<unknown> {
  const { checks }: { readonly checks: readonly { readonly check: string }[] } = JSON.parse(
    (await get('/readyz'))[1],
  );
  return checks.find(({ check }) => check === name);
}

describe('what readiness notes', () => {
  test('no worker, none paused, nothing waits — asked — says so, and is ready all the same', async () => {
    expect(await readyCheck('redis persistence')).toMatchObject({ state: 'note' });
    expect(await readyCheck('redis eviction')).toEqual({ check: 'redis eviction', state: 'ok' });
    expect(await readyCheck('workers')).toMatchObject({
      state: 'note',
      remedy: expect.stringContaining('Start one'),
    });
    expect(await readyCheck('effects')).toMatchObject({ state: 'ok' });
    expect((await get('/readyz'))[0]).toBe(200);
  });

  test('paused — asked — says since when and what to do, and not why or by whom', async () => {
    await web.operations.pause({ actor: 'ops', reason: 'the secret migration' });
    const [code, body] = await get('/readyz');
    expect(code).toBe(200);
    expect(await readyCheck('effects')).toMatchObject({
      state: 'note',
      what: expect.stringMatching(/^effects are paused since 20/),
      remedy: expect.stringContaining('modelgate jobs resume'),
    });
    expect(body).not.toContain('secret migration');
    expect((await get('/metrics'))[1]).toContain('modelgate_effects_paused 1\n');
    await web.operations.resume({ actor: 'ops' });
    expect((await get('/metrics'))[1]).toContain('modelgate_effects_paused 0\n');
  });

  test('a note of the configuration with a password in an address — asked — tells it without', async () => {
    web.state.notes = ['remotes[0] at http://me:s3cret@store.example.com/x is not read yet'];
    const [code, body] = await get('/readyz');
    web.state.notes = [];
    expect(code).toBe(200);
    expect(body).toContain('http://store.example.com/x');
    expect(body).not.toContain('s3cret');
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
    expect(text).toContain('modelgate_workers{queue="gate"} 0\n');
    expect(text).toContain('modelgate_redis_up 1\n');
    expect(text).toContain('modelgate_queue_depth{queue="upkeep"} 1\n');
    expect(text).toContain('modelgate_failed_jobs 0\n');
    parseExposition(text);
  });

  test('a worker that only releases — scraped — takes jobs of no other queue', async () => {
    const about = { id: 'r-1', host: 'r', pid: 1, version: '1', clock: createClock(), loopDelayMs: () => 0 };
    await createHeartbeat(redis.client, web.keys, about)({ queues: ['release'], jobs: [] });
    const [, text] = await get('/metrics');
    expect(text).toContain('modelgate_workers{queue="gate"} 0\n');
    expect(text).toContain('modelgate_workers{queue="release"} 1\n');
  });

  test('redis stopped, then back — scraped — figures of Redis are gone meanwhile', async () => {
    expect((await get('/metrics'))[1]).toContain('modelgate_queue_depth{');
    await redis.stop();
    await eventually('noticed', () => web.redis.status !== 'ready');
    const [code, text] = await get('/metrics');
    expect(code).toBe(200);
    expect(text).toContain('modelgate_redis_up 0\n');
    expect(text).not.toMatch(/^modelgate_(queue|wakeups_(waiting|overdue)|workers|failed_jobs|effects)/m);
    await redis.start();
    await eventually('back', () => web.redis.status === 'ready');
    const [, again] = await get('/metrics');
    expect(again).toContain('modelgate_redis_up 1\n');
    expect(again).toContain('modelgate_effects_paused 0\n');
  });

  test('redis away — asked for figures — gives those of this process', async () => {
    const telemetry = createTelemetry();
    const app = buildApp({
      log: createKeptLog().log,
      probes: {
        checks: () => Promise.resolve([]),
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
    telemetry.gauge('modelgate_failed_jobs', {}, 3);
    for (const seconds of [0.05, 0.5, 700])
      telemetry.observe('modelgate_job_seconds', { kind: 'sweep', result: 'done' }, seconds);
    const lines = telemetry.render().split('\n');

    expect(lines).toEqual(
      expect.arrayContaining([
        'modelgate_wakeups_poked_total{queue="a\\"b\\\\c\\nd"} 1',
        'modelgate_wakeups_poked_total{queue="gate"} 2',
        'modelgate_failed_jobs 3',
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
