import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { startAccess, type AccessOptions, type AccessWorld } from './access-world.ts';

const host = 'modelgate.example.com';
const origin = `https://${host}`;
let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.close());

async function inWorld(options: AccessOptions, story: (world: AccessWorld) => Promise<void>): Promise<void> {
  const world = await startAccess(redis.url, options);
  world.readers.add('corp/12/7');
  world.pushers.add('corp/12/7');
  world.logins.set('alice', '7').set('bob', '8');
  try {
    await story(world);
  } finally {
    await world.close();
  }
}

describe('a trusted proxy', () => {
  const proxy = {
    header: 'x-forwarded-user',
    host: 'corp',
    trusted: ['10.0.0.5', '10.1.0.0/28', 'fd00::/64'],
  };
  const options: AccessOptions = { hosts: [], proxy };

  test.each<[string, string, Record<string, string>, number]>([
    ['from the proxy', '10.0.0.5', { 'x-forwarded-user': 'alice' }, 200],
    ['from the proxy, as IPv6 writes IPv4', '::ffff:10.0.0.5', { 'x-forwarded-user': 'alice' }, 200],
    ['from its network', '10.1.0.15', { 'x-forwarded-user': 'alice' }, 200],
    ['from its network of IPv6', 'fd00::1234', { 'x-forwarded-user': 'alice' }, 200],
    ['from beside its network', '10.1.0.16', { 'x-forwarded-user': 'alice' }, 403],
    ['from a stranger', '203.0.113.7', { 'x-forwarded-user': 'alice' }, 403],
    [
      'from a stranger who names the proxy',
      '203.0.113.7',
      { 'x-forwarded-user': 'alice', 'x-forwarded-for': '10.0.0.5' },
      403,
    ],
    ['from this machine', '127.0.0.1', { 'x-forwarded-user': 'alice' }, 403],
    ['from the proxy, without a name', '10.0.0.5', {}, 403],
    ['from the proxy, an empty name', '10.0.0.5', { 'x-forwarded-user': '' }, 403],
    ['from the proxy, somebody unknown', '10.0.0.5', { 'x-forwarded-user': 'mallory' }, 403],
    ['from the proxy, two names', '10.0.0.5', { 'x-forwarded-user': 'alice, bob' }, 403],
    ['from the proxy, an address of mail', '10.0.0.5', { 'x-forwarded-user': 'alice@example.com' }, 403],
    ['from the proxy, who may not read', '10.0.0.5', { 'x-forwarded-user': 'bob' }, 404],
  ])('a name %s — decides', async (_what, remoteAddress, headers, code) => {
    await inWorld(options, async ({ app }) => {
      const answer = await app.inject({
        url: '/of/corp/12',
        headers: { host, accept: 'text/html', ...headers },
        remoteAddress,
      });
      expect(answer.statusCode).toBe(code);
      expect(answer.body === 'alice at corp').toBe(code === 200);
    });
  });

  test('a name from a stranger — the log says what was ignored, once, and not the name', async () => {
    await inWorld(options, async ({ app, lines }) => {
      const headers = { host, 'x-forwarded-user': 'alice' };
      for (let knock = 0; knock < 3; knock += 1)
        await app.inject({ url: '/of/corp/12', headers, remoteAddress: '203.0.113.7' });
      expect(lines).toEqual([
        {
          level: 'warn',
          message: expect.stringContaining('pages.proxy.trusted'),
          fields: { header: 'x-forwarded-user', address: '203.0.113.7', omitted: 0 },
        },
      ]);
    });
  });

  test('the host is away — 503 with words', async () => {
    await inWorld(options, async ({ app, away }) => {
      away.add('corp');
      const headers = { host, 'x-forwarded-user': 'alice' };
      const answer = await app.inject({ url: '/of/corp/12', headers, remoteAddress: '10.0.0.5' });
      expect([answer.statusCode, answer.body.includes('corp does not answer')]).toEqual([503, true]);
    });
  });

  test('beside the sign-in — who comes by the proxy is not asked to sign in, others are', async () => {
    await inWorld({ proxy }, async ({ app }) => {
      const ask = (remoteAddress: string) =>
        app.inject({
          url: '/of/corp/12',
          headers: { host, accept: 'text/html', 'x-forwarded-user': 'alice' },
          remoteAddress,
        });
      expect((await ask('10.0.0.5')).statusCode).toBe(200);
      expect((await ask('10.0.0.6')).statusCode).toBe(303);
    });
  });
});

describe('who is nobody', () => {
  const basic = { user: 'ops', password: () => 'pass:word' };
  const right = `Basic ${Buffer.from('ops:pass:word').toString('base64')}`;

  test.each<[string, AccessOptions, Record<string, string>, number, string | undefined]>([
    ['a browser, where one can sign in', {}, { accept: 'text/html' }, 303, undefined],
    ['a script, where one can sign in', {}, { accept: '*/*' }, 401, 'Bearer realm="modelgate"'],
    [
      'a stream of events, where one can sign in',
      {},
      { accept: 'text/event-stream' },
      401,
      'Bearer realm="modelgate"',
    ],
    ['a browser, where one can also have a password', { basic }, { accept: 'text/html' }, 303, undefined],
    [
      'a wrong token',
      { token: () => 'to:ken' },
      { authorization: 'Bearer to:kem' },
      401,
      'Bearer realm="modelgate"',
    ],
    [
      'any token, where there is none',
      {},
      { authorization: 'Bearer undefined' },
      401,
      'Bearer realm="modelgate"',
    ],
    ['any password, where there is none', {}, { authorization: right }, 401, 'Bearer realm="modelgate"'],
    ['the right token', { token: () => 'to:ken' }, { authorization: 'Bearer to:ken' }, 200, undefined],
    ['the right password', { basic }, { authorization: right }, 200, undefined],
    [
      'a browser on this machine, where one can sign in',
      { loopback: true },
      { host: 'localhost' },
      401,
      'Bearer realm="modelgate"',
    ],
    ['a session that is none', {}, { cookie: '__Host-modelgate=x' }, 401, 'Bearer realm="modelgate"'],
  ])('%s — is answered so', async (_who, options, headers, code, challenge) => {
    await inWorld(options, async ({ app }) => {
      const answer = await app.inject({ url: '/of/corp/12', headers: { host, ...headers } });
      expect([answer.statusCode, answer.headers['www-authenticate']]).toEqual([code, challenge]);
    });
  });
});

describe('operators', () => {
  test.each([
    ['alice@corp', 'alice at corp, operator'],
    ['ALICE@corp', 'alice at corp, operator'],
    ['alice@hub', undefined],
    ['lice@corp', undefined],
  ])('%s in the list — alice of corp sees what she may not read otherwise: %s', async (name, shown) => {
    await inWorld({ operators: [name] }, async (world) => {
      const browser = world.browser();
      await browser.signIn('corp', 'alice');
      const page = await browser.open('/of/corp/99');
      expect([page.statusCode, page.statusCode === 200 ? page.body : undefined]).toEqual([
        shown === undefined ? 404 : 200,
        shown,
      ]);
    });
  });

  test('an operator — is not asked about at the host, and may act everywhere', async () => {
    await inWorld({ operators: ['alice@corp'] }, async (world) => {
      const browser = world.browser();
      await browser.signIn('corp', 'alice');
      world.away.add('corp');
      expect((await browser.send('/of/hub/5/retry')).body).toBe('done by alice at corp');
      expect(world.asked).toEqual([]);
    });
  });
});

describe('actions', () => {
  test.each<[string, Record<string, string>, number]>([
    ['our page', {}, 200],
    ['our page, an older browser', { 'sec-fetch-site': '' }, 200],
    ['another site', { origin: 'https://evil.example.com', 'sec-fetch-site': 'cross-site' }, 403],
    ['another site, an older browser', { origin: 'https://evil.example.com' }, 403],
    ['a sister site', { 'sec-fetch-site': 'same-site' }, 403],
    ['our name without encryption', { origin: `http://${host}` }, 403],
    ['our name on another port', { origin: `${origin}:8443` }, 403],
    ['a name that begins with ours', { origin: `${origin}.evil.example.com` }, 403],
    ['nowhere', { origin: 'null' }, 403],
    ['no page at all', { origin: '' }, 403],
  ])('sent from %s — count or not', async (_where, headers, code) => {
    await inWorld({}, async (world) => {
      const browser = world.browser();
      await browser.signIn('corp', 'alice');
      const answer = await browser.send('/of/corp/12/retry', headers);
      expect([answer.statusCode, answer.body === 'done by alice at corp']).toEqual([code, code === 200]);
    });
  });

  test('who may read but not push — may look, and not act', async () => {
    await inWorld({}, async (world) => {
      world.readers.add('corp/12/8');
      const browser = world.browser();
      await browser.signIn('corp', 'bob');
      expect((await browser.open('/of/corp/12')).statusCode).toBe(200);
      expect((await browser.send('/of/corp/12/retry')).statusCode).toBe(403);
    });
  });

  test('a session that ended meanwhile — is told to sign in, not sent away', async () => {
    await inWorld({}, async (world) => {
      const answer = await world.browser().send('/of/corp/12/retry');
      expect([answer.statusCode, answer.body.includes('sign in, and do it again')]).toEqual([401, true]);
    });
  });

  test('on this machine — whichever loopback name the browser uses is ours', async () => {
    await inWorld({ publicUrl: 'http://127.0.0.1:8080', token: () => 'to:ken' }, async ({ app }) => {
      const send = (name: string, from: string) =>
        app.inject({
          method: 'POST',
          url: '/of/corp/12/retry',
          headers: { host: name, origin: from, authorization: 'Bearer to:ken' },
        });
      expect((await send('localhost:3000', 'http://localhost:3000')).statusCode).toBe(200);
      expect((await send('127.0.0.1:8080', 'http://127.0.0.1:8080')).statusCode).toBe(200);
      expect((await send('localhost:3000', 'http://localhost:4000')).statusCode).toBe(403);
      expect((await send('rebound.example.com', 'http://rebound.example.com')).statusCode).toBe(403);
    });
  });
});
