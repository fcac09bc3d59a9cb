import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PageAccess } from '../../src/http/access/decide.ts';
import { eventually, startRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import {
  sampleFinding,
  sampleJudgement,
  sampleRun,
  sampleSha,
  sampleSubject,
} from '../support/sample-run.ts';
import { startApp } from './start-app.ts';

const id = 'a'.repeat(32);
let redis: TestRedis;
let web: ReturnType<typeof startApp>;

beforeAll(async () => {
  redis = await startRedis();
  web = startApp(redis.url);
  await eventually('connected', () => web.redis.status === 'ready');
  await web.runStore.saveRun(sampleRun({ id, state: 'judged', judgement: sampleJudgement() }));
});
afterAll(async () => {
  await web.end();
  await redis.close();
});

function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

const both: PageAccess = {
  token: () => 'to:ken',
  basic: { user: 'ops', password: () => 'pass:word' },
  loopback: false,
};
const open: PageAccess = { loopback: true };
const none: PageAccess = { loopback: false };

describe('access', () => {
  test.each<[string, PageAccess, Record<string, string>, number]>([
    ['nothing', both, {}, 401],
    ['the token', both, { authorization: 'Bearer to:ken' }, 200],
    ['a wrong token', both, { authorization: 'Bearer to:kem' }, 401],
    ['a prefix of the token', both, { authorization: 'Bearer to:ke' }, 401],
    ['an empty token', both, { authorization: 'Bearer ' }, 401],
    ['user and password', both, { authorization: basic('ops', 'pass:word') }, 200],
    ['another user', both, { authorization: basic('op', 'pass:word') }, 401],
    ['user and password cut elsewhere', both, { authorization: basic('ops:pass', 'word') }, 200],
    ['a wrong password', both, { authorization: basic('ops', 'pass') }, 401],
    ['the token as password', both, { authorization: basic('anybody', 'to:ken') }, 200],
    ['broken base64', both, { authorization: 'Basic %%%' }, 401],
    [
      'the token, only a token configured',
      { token: () => 't', loopback: false },
      { authorization: 'Bearer t' },
      200,
    ],
    ['nothing, on loopback with a token', { token: () => 't', loopback: true }, {}, 401],
    ['nothing, on loopback without one', open, {}, 200],
    ['nothing, on loopback, by address', open, { host: '127.0.0.1:8080' }, 200],
    ['nothing, on loopback, by IPv6 address', open, { host: '[::1]:8080' }, 200],
    ['nothing, on loopback, through a proxy', open, { 'x-forwarded-for': '203.0.113.7' }, 404],
    ['nothing, on loopback, by a strange name', open, { host: 'rebound.example.com' }, 404],
    ['nothing, open to the world', none, {}, 404],
    ['anything, open to the world', none, { authorization: 'Bearer x' }, 404],
  ])('%s — sent — decides', async (_what, access, headers, code) => {
    const { app, end } = startApp(redis.url, access);
    await eventually('ready', async () => (await app.inject('/readyz')).statusCode === 200);
    const run = await app.inject({ url: `/runs/${id}`, headers: { host: 'localhost', ...headers } });
    const list = await app.inject({ url: '/', headers: { host: 'localhost', ...headers } });
    await end();

    expect([run.statusCode, list.statusCode]).toEqual([code, code]);
    expect(run.body.includes('auto-mpg')).toBe(code === 200);
    expect(run.headers['www-authenticate'] !== undefined).toBe(code === 401);
  });

  test.each<[string, PageAccess, string]>([
    ['a token', { token: () => 't', loopback: false }, 'type any user name, with the token as the password.'],
    [
      'a password',
      { basic: { user: 'ops', password: () => 'p' }, loopback: false },
      'type the user name and password of this installation.',
    ],
    ['both', both, 'type the user name and password of this installation, or any user name, with the token'],
  ])('%s, not given — the page says what to type', async (_what, access, words) => {
    const { app, end } = startApp(redis.url, access);
    const { statusCode, body } = await app.inject('/');
    await end();
    expect([statusCode, body.includes(words)]).toEqual([401, true]);
  });

  test('a token that was rotated — the old and the new one — are refused and taken from then on', async () => {
    let token = 'before';
    const { app, end } = startApp(redis.url, { token: () => token, loopback: false });
    await eventually('ready', async () => (await app.inject('/readyz')).statusCode === 200);
    const ask = (shown: string) => app.inject({ url: '/', headers: { authorization: `Bearer ${shown}` } });
    expect((await ask('before')).statusCode).toBe(200);
    token = 'after';
    const [older, newer] = [await ask('before'), await ask('after')];
    await end();
    expect([older.statusCode, newer.statusCode]).toEqual([401, 200]);
  });

  test('nobody configured who may read — the log says what to set, once', async () => {
    const { app, lines, end } = startApp(redis.url, none);
    for (let index = 0; index < 5; index += 1) await app.inject(`/runs/${id}`);
    await end();
    expect(lines.filter(({ message }) => message.includes('pages.token'))).toHaveLength(1);
  });
});

test.each([
  ['through a proxy', { 'x-forwarded-for': '203.0.113.7' }],
  ['by a strange name', { host: 'rebound.example.com' }],
])(
  'pages on loopback, asked for %s — the log says that, once, and not to listen on loopback',
  async (_how, headers) => {
    const { app, lines, end } = startApp(redis.url, open);
    for (let index = 0; index < 3; index += 1)
      await app.inject({ url: '/', headers: { host: 'localhost', ...headers } });
    await end();
    const logged = lines.filter(({ message }) => message.includes('pages.token'));
    expect(logged.map(({ message }) => message)).toEqual([
      expect.stringContaining('through a proxy or by another name'),
    ]);
  },
);

describe('pages', () => {
  test.each(['judged', 'superseded', 'cancelled'] as const)(
    'an older run, %s — opened — links to the newer one; the newer one to none',
    async (state) => {
      const subject = { ...sampleSubject, number: 8 };
      const change = { ...sampleRun().change, number: 8, head: sampleSha('d') };
      const [older, newer] = [`older-${state}`, `newer-${state}`];
      await web.runStore.saveRun(sampleRun({ id: older, subject, state }));
      await web.runStore.saveRun(
        sampleRun({ id: newer, subject, change, state: 'judged', trouble: 'git is away' }),
      );
      await web.runStore.updateSubject(subject, (record) => ({ ...record, runId: newer }));
      const [before, after] = [
        await web.app.inject(`/runs/${older}`),
        await web.app.inject(`/runs/${newer}`),
      ];

      expect(before.body).toContain(
        `<strong>A newer run exists:</strong> <a href="/runs/${newer}">head <code>dddddddd</code></a>. git is away`,
      );
      expect(after.body).not.toContain('A newer run exists');
    },
  );

  test('a run that is kept and about to become the newest — opened — links to no other', async () => {
    const subject = { ...sampleSubject, number: 9 };
    await web.runStore.saveRun(sampleRun({ id: 'earlier', subject, state: 'judged' }));
    await web.runStore.updateSubject(subject, (record) => ({ ...record, runId: 'earlier' }));
    await web.runStore.saveRun(sampleRun({ id: 'beginning', subject }));
    expect((await web.app.inject('/runs/beginning')).body).not.toContain('A newer run exists');
  });

  test('a run — opened — shows verdict, finding, repair and log, and may run our script alone', async () => {
    web.runLog.append(id, '{"level":30,"time":"2026-05-04T10:00:01.000Z","msg":"job done","ms":12}');
    await web.runLog.flush();
    const { statusCode, body, headers } = await web.app.inject(`/runs/${id}`);

    expect(statusCode).toBe(200);
    expect(headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': expect.stringContaining(
        "default-src 'none'; style-src 'self'; script-src 'self';",
      ),
      'x-content-type-options': 'nosniff',
    });
    for (const text of ['Failed', 'data/missing-on-remote', 'dvc push data.csv.dvc', 'info job done ms=12']) {
      expect(body).toContain(text);
    }
    expect(body.match(/<script[^>]*>/g)).toEqual(['<script type="module" src="/assets/page.js">']);
    expect(body).not.toMatch(/ (style|on[a-z]+)=/);
  });

  test('a long log — opened — shows its last 500 lines', async () => {
    const run = await web.runStore.saveRun(sampleRun({ id: 'long' }));
    for (let index = 0; index < 1500; index += 1) web.runLog.append(run.id, `line ${index}.`);
    await web.runLog.flush();
    const { body } = await web.app.inject('/runs/long');
    expect(body).toContain('line 1499.');
    expect(body).toContain('line 1000.');
    expect(body).not.toContain('line 999.');
  });

  test.each([
    '/runs/none',
    '/runs/..%2f..%2fetc',
    '/runs/%3Cscript%3E',
    `/runs/${'a'.repeat(90)}`,
    '/runs/a:b',
  ])('%s — opened — is not found', async (url) => {
    const { statusCode, body } = await web.app.inject(url);
    expect(statusCode).toBe(404);
    expect(body).not.toContain('<script');
  });

  test.each(['/changes/gitlab/ml/auto-mpg/3', '/nothing'])(
    '%s, an address of no page — is a page for browsers, and nothing for others',
    async (url) => {
      const browser = await web.app.inject({ url, headers: { accept: 'text/html,*/*;q=0.8' } });
      const script = await web.app.inject({ url, headers: { accept: '*/*' } });
      const form = await web.app.inject({ method: 'POST', url, headers: { accept: 'text/html' } });

      expect([browser.statusCode, browser.headers['content-type']]).toEqual([
        404,
        'text/html; charset=utf-8',
      ]);
      expect(browser.body).toContain('<h1>Not found</h1>');
      expect([script.statusCode, script.body, form.statusCode, form.body]).toEqual([404, '', 404, '']);
    },
  );

  test('the list — opened — links to the runs', async () => {
    const { body } = await web.app.inject('/');
    expect(body).toContain('href="/runs/long"');
    expect(body).toContain('<h2><a href="/?repository=corp%2F12">ml/auto-mpg</a>');
    expect(body).toContain('href="/changes/corp/12/7">!7<');
  });

  test('the style sheet — opened — is CSS', async () => {
    const { headers, body } = await web.app.inject('/assets/style.css');
    expect(headers['content-type']).toBe('text/css; charset=utf-8');
    expect(body).toContain('light-dark(');
  });

  test('a thousand findings — opened — are all there', async () => {
    const findings = Array.from({ length: 1000 }, (_, index) =>
      sampleFinding({ file: `f${index % 50}.dvc` }),
    );
    const [check] = sampleJudgement().checks;
    if (check === undefined) throw new Error('the sample has a check');
    await web.runStore.saveRun(
      sampleRun({ id: 'many', judgement: sampleJudgement({ checks: [{ ...check, findings }] }) }),
    );
    const { body } = await web.app.inject('/runs/many');
    expect(body.split('<article').length).toBe(1001);
  });

  test('redis stopped — opened — says so, with 503', async () => {
    await redis.stop();
    const { statusCode, body } = await web.app.inject(`/runs/${id}`);
    await redis.start();
    expect(statusCode).toBe(503);
    expect(body).toContain('Load this page again');
    expect(body).not.toContain('ECONN');
  });
});
