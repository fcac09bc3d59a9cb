import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { answerOf } from '../../support/sign-in-browser.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { secrets, startAccess, type AccessWorld } from './access-world.ts';

const minute = 60_000;
let redis: TestRedis;
let world: AccessWorld;

beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(async () => {
  world = await startAccess(redis.url);
  world.readers.add('corp/12/7').add('hub/99/alice');
});
afterEach(async () => {
  // Whatever a story was about: no secret and no session may be in the log.
  const written = JSON.stringify(world.lines);
  const told = Object.values(secrets).some((secret) => written.includes(secret));
  await world.close();
  if (told) throw new Error('the log tells a secret');
});
afterAll(() => redis.close());

describe('signing in', () => {
  test('a stranger opens a page — signs in with GitLab, and sees the page asked for', async () => {
    const browser = world.browser();
    const first = await browser.open('/of/corp/12?show=log');
    expect([first.statusCode, first.headers.location]).toEqual([
      303,
      '/sign-in?to=%2Fof%2Fcorp%2F12%3Fshow%3Dlog',
    ]);

    const choice = await browser.open(String(first.headers.location));
    expect(choice.statusCode).toBe(200);
    expect(choice.body).toContain('href="/sign-in/corp?to=%2Fof%2Fcorp%2F12%3Fshow%3Dlog"');
    expect(choice.body).toContain('Sign in with GitHub (hub)');

    const back = await browser.signIn('corp', 'alice', '/of/corp/12?show=log');
    expect([back.statusCode, back.headers.location]).toEqual([303, '/of/corp/12?show=log']);
    const page = await browser.open('/of/corp/12?show=log');
    expect([page.statusCode, page.body]).toEqual([200, 'alice at corp']);
    expect(world.lines).toContainEqual({
      level: 'info',
      message: 'signed in',
      fields: { person: 'alice at corp' },
    });
  });

  test('a person of GitHub — sees what GitHub lets them read, and nothing of GitLab', async () => {
    const browser = world.browser();
    expect((await browser.signIn('hub', 'alice')).headers.location).toBe('/');

    expect((await browser.open('/of/hub/99')).body).toBe('alice at hub');
    expect((await browser.open('/of/hub/98')).statusCode).toBe(404);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(404);
    expect(world.asked).toEqual(['read hub/99/alice', 'read hub/98/alice']);
  });

  test('one host alone — the browser goes there at once, but not after signing out', async () => {
    const one = await startAccess(redis.url, { hosts: ['corp'] });
    const browser = one.browser();
    const choice = await browser.open('/sign-in?to=%2Fof%2Fcorp%2F12');
    expect(choice.headers.location).toBe('/sign-in/corp?to=%2Fof%2Fcorp%2F12');
    const left = await browser.open('/sign-in?signed-out');
    await one.close();

    expect([left.statusCode, left.headers.location]).toEqual([200, undefined]);
    expect(left.body).toContain('You are signed out here');
  });

  test('cookies — are kept from scripts, other hosts and other sites', async () => {
    const browser = world.browser();
    const begun = await browser.open('/sign-in/corp');
    expect([begun.headers['set-cookie']].flat()).toEqual([
      expect.stringMatching(
        /^__Host-modelgate-sign-in-[0-9a-f]{16}=[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Secure; Max-Age=600$/,
      ),
    ]);
    const back = await browser.signIn('corp', 'alice');
    expect([back.headers['set-cookie']].flat()).toEqual([
      expect.stringMatching(/^__Host-modelgate-sign-in-[0-9a-f]{16}=; .*Max-Age=0$/),
      expect.stringMatching(/^__Host-modelgate=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Secure$/),
    ]);
    const { host, cookie } = {
      host: 'modelgate.example.com',
      cookie: `modelgate=${browser.cookies.get('__Host-modelgate')}`,
    };
    const withoutPrefix = await world.app.inject({ url: '/of/corp/12', headers: { host, cookie } });
    expect(withoutPrefix.statusCode).toBe(401);
  });

  test('what the browser carries meanwhile — cannot be read', async () => {
    const browser = world.browser();
    const begun = await browser.open('/sign-in/corp?to=%2Fof%2Fcorp%2F12');
    const [carried = ''] = browser.cookies.values();
    const plain = Buffer.from(carried, 'base64url').toString('latin1');
    expect(plain).not.toContain(new URL(String(begun.headers.location)).searchParams.get('state'));
    expect(plain).not.toContain('corp');
  });

  test('signed in again — another session, and the old one is over', async () => {
    const browser = world.browser();
    await browser.signIn('corp', 'alice');
    const before = browser.cookies.get('__Host-modelgate') ?? '';
    await browser.signIn('corp', 'alice');
    const after = browser.cookies.get('__Host-modelgate') ?? '';
    expect(after).not.toBe(before);

    browser.cookies.set('__Host-modelgate', before);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(303);
  });

  test('a session that somebody else put there — is not taken over', async () => {
    const browser = world.browser();
    browser.cookies.set('__Host-modelgate', 'A'.repeat(43));
    await browser.signIn('corp', 'alice');
    expect(browser.cookies.get('__Host-modelgate')).not.toBe('A'.repeat(43));
  });

  test('two tabs at once — both arrive', async () => {
    const browser = world.browser();
    const [one, other] = [
      await browser.open('/sign-in/corp?to=%2Fof%2Fcorp%2F12'),
      await browser.open('/sign-in/corp?to=%2Fof%2Fcorp%2F13'),
    ];
    const answers = await Promise.all(
      [one, other].map(({ headers }) => answerOf(String(headers.location), 'alice')),
    );
    const arrived: unknown[] = [];
    for (const { pathname, search } of answers)
      arrived.push((await browser.open(`${pathname}${search}`)).headers.location);

    expect(arrived).toEqual(['/of/corp/12', '/of/corp/13']);
  });

  test('many that were begun and left — are forgotten before requests get too long', async () => {
    const browser = world.browser();
    for (let tab = 0; tab < 12; tab += 1) {
      await browser.open('/sign-in/corp');
      expect(browser.cookies.size).toBeLessThanOrEqual(5);
    }
  });

  test('signed in, and at the sign-in again — is told who they are, and how to leave', async () => {
    const browser = world.browser();
    await browser.signIn('corp', 'alice');
    const { body } = await browser.open('/sign-in?to=%2Fof%2Fcorp%2F12');
    expect(body).toContain('You are signed in as alice at corp');
    expect(body).toContain('href="/of/corp/12"');
    expect(body).toContain('action="/sign-out"');
  });
});

describe('what is not a sign-in', () => {
  test('another browser — cannot use what was begun here', async () => {
    const begun = await world.browser().open('/sign-in/corp');
    const { pathname, search } = await answerOf(String(begun.headers.location), 'alice');
    const victim = world.browser();
    const answer = await victim.open(`${pathname}${search}`);

    expect(answer.statusCode).toBe(400);
    expect(answer.body).toContain('begun in another browser');
    expect(answer.body).toContain('Sign in with GitLab (corp)');
    expect(victim.cookies.size).toBe(0);
    expect(world.gitlab.requests.filter((request) => request.startsWith('POST'))).toEqual([]);
  });

  test('the state of another sign-in — is refused', async () => {
    const browser = world.browser();
    const begun = await browser.open('/sign-in/corp');
    const answer = await answerOf(String(begun.headers.location), 'alice');
    answer.searchParams.set('state', 'b'.repeat(43));
    expect((await browser.open(`${answer.pathname}${answer.search}`)).statusCode).toBe(400);
    expect(browser.cookies.has('__Host-modelgate')).toBe(false);
  });

  test.each(['with its cookie gone', 'with its cookie back'])(
    'the same answer twice, %s — counts once',
    async (how) => {
      const browser = world.browser();
      const begun = await browser.open('/sign-in/corp');
      const [[name, carried] = ['', '']] = browser.cookies;
      const { pathname, search } = await answerOf(String(begun.headers.location), 'alice');
      expect((await browser.open(`${pathname}${search}`)).statusCode).toBe(303);
      browser.cookies.clear();
      if (how === 'with its cookie back') browser.cookies.set(name, carried);

      expect((await browser.open(`${pathname}${search}`)).statusCode).toBe(400);
      expect(browser.cookies.has('__Host-modelgate')).toBe(false);
    },
  );

  test('eleven minutes later — is too late', async () => {
    const browser = world.browser();
    const begun = await browser.open('/sign-in/corp');
    const { pathname, search } = await answerOf(String(begun.headers.location), 'alice');
    await world.clock.advance(11 * minute);
    const answer = await browser.open(`${pathname}${search}`);
    expect([answer.statusCode, answer.body.includes('more than ten minutes ago')]).toEqual([400, true]);
  });

  test('begun with one host, answered by the other — is refused', async () => {
    const browser = world.browser();
    const begun = await browser.open('/sign-in/corp');
    const { search } = await answerOf(String(begun.headers.location), 'alice');
    expect((await browser.open(`/sign-in/hub/callback${search}`)).statusCode).toBe(400);
  });

  test('a person who says no at the host — can try again', async () => {
    const browser = world.browser();
    const answer = await browser.signIn('corp', 'deny', '/of/corp/12');
    expect(answer.statusCode).toBe(403);
    expect(answer.body).toContain('answered with no');
    expect(answer.body).toContain('href="/sign-in/corp?to=%2Fof%2Fcorp%2F12"');
  });

  test('the host is away — a page says so, and the log says why', async () => {
    const browser = world.browser();
    world.gitlab.knobs.down = true;
    const answer = await browser.open('/sign-in/corp?to=%2Fof%2Fcorp%2F12');

    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('GitLab (corp) does not answer at the moment');
    expect(answer.body).not.toContain('127.0.0.1');
    expect(world.lines.at(-1)).toMatchObject({
      level: 'warn',
      message: 'nobody could sign in',
      fields: { host: 'corp' },
    });
  });

  test('a sign-in that is set up wrong — is for whoever runs the server', async () => {
    const browser = world.browser();
    const begun = await browser.open('/sign-in/corp');
    const { pathname, search } = await answerOf(String(begun.headers.location), 'alice');
    world.gitlab.knobs.wrongKey = true;
    const answer = await browser.open(`${pathname}${search}`);

    expect(answer.statusCode).toBe(502);
    expect(answer.body).toContain('its log says what is wrong');
    expect(world.lines.at(-1)).toMatchObject({
      level: 'error',
      fields: { remedy: expect.stringContaining('clocks') },
    });
  });

  test('a crowd of strangers with made-up codes — is turned away before the host has to bear it', async () => {
    const browser = world.browser();
    const begun = await browser.open('/sign-in/corp');
    const carried = [...browser.cookies];
    const state = new URL(String(begun.headers.location)).searchParams.get('state') ?? '';
    const knock = async (): Promise<number> => {
      for (const [name, value] of carried) browser.cookies.set(name, value);
      return (await browser.open(`/sign-in/corp/callback?code=made-up&state=${state}`)).statusCode;
    };
    const answers: number[] = [];
    for (let knocks = 0; knocks < 310; knocks += 1) answers.push(await knock());

    expect(answers.filter((code) => code === 503)).toHaveLength(10);
    expect(world.gitlab.requests.filter((request) => request === 'POST /oauth/token')).toHaveLength(300);
    await world.clock.advance(minute);
    expect(await knock()).toBe(400);
  });

  test.each(['/sign-in/nobody', '/sign-in/nobody/callback?code=1&state=2', '/sign-in/..%2f'])(
    '%s — is not found',
    async (url) => {
      expect((await world.browser().open(url)).statusCode).toBe(404);
    },
  );

  test.each([
    'https://evil.example.com/',
    '//evil.example.com',
    '/\\evil.example.com',
    '/.//evil.example.com',
    '/sign-in',
    'javascript:alert(1)',
  ])('to %s — nobody is sent there', async (to) => {
    const browser = world.browser();
    expect((await browser.open(`/sign-in?to=${encodeURIComponent(to)}`)).body).not.toContain('evil');
    expect((await browser.signIn('corp', 'alice', to)).headers.location).toBe('/');
  });
});

describe('being signed in', () => {
  test('two hours without a page — over; the next page begins anew', async () => {
    const browser = world.browser();
    await browser.signIn('corp', 'alice');
    await world.clock.advance(119 * minute);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(200);
    await world.clock.advance(121 * minute);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(303);
  });

  test('signing out — ends it here, on the server', async () => {
    const browser = world.browser();
    await browser.signIn('corp', 'alice');
    const session = browser.cookies.get('__Host-modelgate') ?? '';
    const left = await browser.send('/sign-out');
    expect([left.statusCode, left.headers.location]).toEqual([303, '/sign-in?signed-out']);
    expect(browser.cookies.size).toBe(0);

    browser.cookies.set('__Host-modelgate', session);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(303);
    expect(JSON.stringify(world.lines)).not.toContain(session);
  });

  test.each([
    ['from another site', { origin: 'https://evil.example.com' }],
    ['from nowhere', { origin: 'null' }],
    ['from a page within', { 'sec-fetch-site': 'cross-site' }],
  ])('a form to sign out %s — changes nothing', async (_what, headers) => {
    const browser = world.browser();
    await browser.signIn('corp', 'alice');
    expect((await browser.send('/sign-out', headers)).statusCode).toBe(403);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(200);
  });

  test('who may not read — finds nothing there', async () => {
    const browser = world.browser();
    await browser.signIn('corp', 'bob');
    expect((await browser.open('/of/corp/12')).statusCode).toBe(404);
  });

  test('a permission that is taken away — is gone within a minute', async () => {
    const browser = world.browser();
    await browser.signIn('corp', 'alice');
    await browser.open('/of/corp/12');
    world.readers.clear();
    await world.clock.advance(59_000);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(200);
    await world.clock.advance(1000);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(404);
    world.readers.add('corp/12/7');
    await world.clock.advance(minute);
    expect((await browser.open('/of/corp/12')).statusCode).toBe(200);
  });

  test('the host does not say who may read — 503 with words, and no «not found»', async () => {
    const browser = world.browser();
    await browser.signIn('corp', 'alice');
    world.away.add('corp');
    const away = await browser.open('/of/corp/12');
    expect(away.statusCode).toBe(503);
    expect(away.body).toContain('corp does not answer the question what you may see');
    expect(away.body).not.toContain('10.1.2.3');
    world.away.clear();
    expect((await browser.open('/of/corp/12')).statusCode).toBe(200);
  });

  test('Redis is away — says so, with 503', async () => {
    const browser = world.browser();
    await redis.stop();
    const answer = await browser.open('/sign-in', { cookie: `__Host-modelgate=${'A'.repeat(43)}` });
    await redis.start();
    expect(answer.statusCode).toBe(503);
    expect(answer.body).toContain('Load this page again');
  });
});
