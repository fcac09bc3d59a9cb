import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createFailures } from '../../src/adapters/redis/failures.ts';
import { createHeartbeat } from '../../src/adapters/redis/heartbeat.ts';
import { createClock } from '../../src/adapters/system/clock.ts';
import type { Access, Visitor } from '../../src/http/access/visitor.ts';
import { eventually, startRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { startApp } from './start-app.ts';

const clock = createClock();
const origin = 'http://localhost';
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

const key = 'gate-change/corp/12/7';
const ids = { host: 'corp', repositoryId: '12', number: 7 };

async function fail(reason: string, kind = 'gate-change'): Promise<void> {
  const failures = createFailures(redis.client, web.keys, { clock, redact: (text) => text });
  const payload = { v: 1, kind, ids: { ...ids, attempt: 4 }, failures: 4 };
  const next = new Date(Date.now() + 3_600_000).toISOString();
  await failures.note({ key, queue: 'gate', payload, reason, attempts: 4, next, newer: false });
  await web.wakeUps.put({ key, queue: 'gate', payload, at: new Date(next) });
}

function post(action: string, form: Record<string, string>, headers: Record<string, string> = { origin }) {
  return web.app.inject({
    method: 'POST',
    url: `/operations/${action}`,
    headers: { host: 'localhost', 'content-type': 'application/x-www-form-urlencoded', ...headers },
    payload: new URLSearchParams(form).toString(),
  });
}

async function actions(): Promise<readonly string[]> {
  return (await web.audit.last(100)).map(({ actor, action, subject }) => `${actor} ${action} ${subject}`);
}

describe('the page', () => {
  test('a slow job, a failed one, hostile words — opened — are shown, marked, and harmless', async () => {
    const beat = createHeartbeat(redis.client, web.keys, {
      id: 'host-1-77',
      host: 'host-1',
      pid: 77,
      version: '9.8.7',
      clock,
      loopDelayMs: () => 31.7,
    });
    const since = new Date(Date.now() - 2 * 3_600_000).toISOString();
    await beat({
      queues: ['gate'],
      jobs: [
        { kind: 'gate-change', ids, since },
        { kind: 'look-again', ids, since: new Date().toISOString() },
      ],
    });
    await fail('<script>alert(1)</script> is away');
    await web.queue.poke({ kind: 'gate-change', ids });
    const { statusCode, body, headers } = await web.app.inject('/operations');

    expect(statusCode).toBe(200);
    expect(headers['content-security-policy']).toContain("form-action 'self'");
    expect(headers['cache-control']).toBe('no-store');
    expect(body).toContain('9.8.7');
    expect(body).toContain('32 ms');
    expect(body.match(/<strong class="word-failed">slow<\/strong>/g)).toHaveLength(1);
    expect(body).toMatch(/gate-change corp 12 change 7, for 2h/);
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; is away');
    expect(body).not.toContain('<script');
    expect(body).toContain(`<input type="hidden" name="key" value="${key}">`);
    expect(body).toContain('in 59m');

    // Which everybody may read.
    const ready = (await web.app.inject('/readyz')).body;
    expect(ready).toContain('1 job at work for longer than usual');
    expect(ready).not.toMatch(/corp|host-1/);
  });

  test('nobody but operators — opened and acted on — finds it', async () => {
    const visitor: Visitor = {
      name: 'ada',
      operator: false,
      mayRead: () => Promise.resolve(true),
      mayAct: () => Promise.resolve(true),
    };
    const access: Access = {
      visitorOf: () => Promise.resolve(visitor),
      actorOf: () => Promise.resolve(visitor),
    };
    const other = startApp(redis.url, access);
    await eventually('connected', () => other.redis.status === 'ready');
    const answers = [
      await other.app.inject('/operations'),
      await other.app.inject({
        method: 'POST',
        url: '/operations/pause',
        payload: 'reason=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      await other.app.inject({ method: 'POST', url: '/operations/resume' }),
    ];
    await other.end();
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404]);
    expect(await web.operations.currentPause()).toBeUndefined();
  });

  test('without the password — opened and acted on — is asked for it', async () => {
    const other = startApp(redis.url, { token: () => 'to:ken', loopback: false });
    await eventually('connected', () => other.redis.status === 'ready');
    const headers = { host: 'localhost', origin, 'content-type': 'application/x-www-form-urlencoded' };
    const answers = [
      await other.app.inject('/operations'),
      await other.app.inject({ method: 'POST', url: '/operations/pause', headers, payload: 'reason=x' }),
    ];
    await other.end();
    expect(answers.map(({ statusCode }) => statusCode)).toEqual([401, 401]);
    expect(await web.operations.currentPause()).toBeUndefined();
  });
});

describe('actions', () => {
  test('retry — pressed — makes the job due now with its tries from the beginning, and is in the audit', async () => {
    await fail('away');
    const answer = await post('retry', { key });
    expect([answer.statusCode, answer.headers['location']]).toEqual([303, '/operations']);
    const stored = JSON.parse((await redis.client.hget(web.keys.wakeUpJobs, key)) ?? '');
    expect(stored.payload).toEqual({ v: 1, kind: 'gate-change', ids });
    expect(stored.at).toBeLessThanOrEqual(Date.now());
    expect(await redis.client.zcard(web.keys.wakeUps)).toBe(1);
    expect((await web.app.inject('/operations')).body).toMatch(/away<\/td><td>now<\/td>/);
    expect(await actions()).toEqual([`operator retry ${key}`]);
  });

  test('retry of a newer version’s job — pressed — pokes it as it came', async () => {
    const failures = createFailures(redis.client, web.keys, { clock, redact: (text) => text });
    const payload = { v: 2, kind: 'release', ids: { host: 'corp', attempt: 3 }, failures: 2, extra: 'kept' };
    const next = new Date().toISOString();
    const about = { queue: 'gate', reason: 'newer', attempts: 0, next, newer: true };
    await failures.note({ ...about, key: 'release/corp', payload });
    await web.operations.retry('release/corp', { actor: 'ops' });
    const stored = JSON.parse((await redis.client.hget(web.keys.wakeUpJobs, 'release/corp')) ?? '');
    expect(stored.payload).toEqual(payload);
    expect((await web.app.inject('/operations')).body).toContain('newer version');
    await failures.clear('release/corp');
  });

  test('retry of a job that does not fail — pressed — says so, and is not in the audit', async () => {
    const answer = await post('retry', { key: 'gate-change/corp/12/8' });
    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('does not fail any more');
    expect(await actions()).toHaveLength(2);
  });

  test('pause without a reason — pressed — is refused', async () => {
    expect((await post('pause', { reason: '   ' })).statusCode).toBe(400);
    expect(await web.operations.currentPause()).toBeUndefined();
  });

  test.each([
    ['from nowhere', {}],
    ['from another site', { origin: 'https://evil.example.com' }],
    ['from a frame without origin', { origin: 'null' }],
  ])('pause %s — sent — is refused', async (_where, headers) => {
    expect((await post('pause', { reason: 'x' }, headers)).statusCode).toBe(403);
    expect(await web.operations.currentPause()).toBeUndefined();
  });

  test('pause, pause by another, resume, resume — once each counts; every page says it meanwhile', async () => {
    expect((await post('pause', { reason: 'moving & <b>cleaning</b>' })).statusCode).toBe(303);
    await post('pause', { reason: 'another' });
    for (const url of ['/', '/operations']) {
      const { body } = await web.app.inject(url);
      expect(body).toContain('moving &amp; &lt;b&gt;cleaning&lt;/b&gt;');
    }
    expect(await web.operations.currentPause()).toMatchObject({
      actor: 'operator',
      reason: expect.stringContaining('moving'),
    });
    expect((await post('resume', {})).statusCode).toBe(303);
    await post('resume', {});
    expect((await web.app.inject('/')).body).not.toContain('cleaning');
    expect((await actions()).slice(0, 2)).toEqual(['operator resume effects', 'operator pause effects']);
    expect(await actions()).toHaveLength(4);
  });

  test('a form of another kind — sent — is not understood, and no trouble of redis', async () => {
    const before = web.messages().length;
    const { statusCode, body } = await post(
      'pause',
      { reason: 'x' },
      { origin, 'content-type': 'application/json' },
    );
    expect(statusCode).toBe(400);
    expect(body).toContain('Not understood');
    expect(web.messages().slice(before)).toEqual([]);
  });

  test('redis stopped — opened — 503 and what it means', async () => {
    await redis.stop();
    const { statusCode, body } = await web.app.inject('/operations');
    await redis.start();
    expect(statusCode).toBe(503);
    expect(body).toContain('/readyz');
    expect(body).not.toContain('ECONN');
  });
});

describe('trouble of Redis', () => {
  test('full — paused by the page — is said with the remedy, and not as silence', async () => {
    await eventually('back', () => web.redis.status === 'ready');
    await redis.fill();
    const { statusCode, body } = await post('pause', { reason: 'x' });
    await redis.drain();
    expect(statusCode).toBe(503);
    expect(body).toContain('Redis is full. Raise maxmemory');
    expect(body).not.toContain('does not answer');
  });

  test('stopped — opened — is said to be away, without its address', async () => {
    await redis.stop();
    await eventually('noticed', () => web.redis.status !== 'ready');
    const { statusCode, body } = await web.app.inject('/operations');
    await redis.start();
    await eventually('back', () => web.redis.status === 'ready');
    expect(statusCode).toBe(503);
    expect(body).toContain('Redis is away. Start it, or correct REDIS_URL.');
    expect(body).not.toContain('127.0.0.1');
  });
});
