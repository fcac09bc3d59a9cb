import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Sha } from '../../src/domain/repository.ts';
import { eventually, startRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { sampleSha, sampleSubject } from '../support/sample-run.ts';
import { startApp, touched } from './start-app.ts';
import type { SentBody } from './start-app.ts';

const json = 'application/json';
let redis: TestRedis;
let web: ReturnType<typeof startApp>;

beforeAll(async () => {
  redis = await startRedis();
  web = startApp(redis.url);
  await eventually('connected', () => web.redis.status === 'ready');
});
beforeEach(async () => {
  await redis.flush();
  web.lines.length = 0;
});
afterAll(async () => {
  await web.end();
  await redis.close();
});

/** A request without its body. */
function head(lines: string): string {
  return `POST /webhooks/corp HTTP/1.1\r\nHost: x\r\nContent-Type: ${json}\r\n${lines}\r\n\r\n`;
}

interface Sent {
  readonly url?: string;
  readonly token?: string;
  readonly type?: string;
  readonly body?: SentBody | string | Buffer;
}

async function send({ url = '/webhooks/corp', token = 'right', type = json, body = touched(7, 'd1') }: Sent) {
  const headers = { 'content-type': type, 'x-gitlab-token': token };
  const payload = typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const response = await web.app.inject({ method: 'POST', url, headers, payload });
  return { code: response.statusCode, body: response.body };
}

describe('answers', () => {
  test.each<[string, Sent, number, number]>([
    ['an event', {}, 202, 1],
    ['an event we ignore', { body: { kind: 'ignored', id: 'd1' } }, 200, 0],
    ['a body that is no JSON', { body: '{"kind":' }, 202, 0],
    ['an empty body', { body: '' }, 202, 0],
    ['a wrong token', { token: 'wrong' }, 401, 0],
    ['a wrong token and no JSON', { token: 'wrong', body: '{' }, 401, 0],
    ['a host that nobody configured', { url: '/webhooks/other' }, 404, 0],
    ['a host named like a method of an object', { url: '/webhooks/constructor' }, 404, 0],
    ['a form', { type: 'application/x-www-form-urlencoded', body: 'a=b' }, 415, 0],
    ['plain text', { type: 'text/plain' }, 415, 0],
    ['JSON with a charset', { type: 'application/json; charset=utf-8' }, 202, 1],
    ['25 MiB', { body: JSON.stringify({ ...touched(7, 'd1'), fill: 'x'.repeat(25 * 1024 * 1024) }) }, 202, 1],
    ['30 MiB', { body: Buffer.alloc(30 * 1024 * 1024, 0x20) }, 413, 0],
    ['another path', { url: '/webhooks' }, 404, 0],
  ])('%s — sent — is answered, without a body', async (_what, sent, code, jobs) => {
    const response = await send(sent);
    expect(response).toMatchObject({ code, body: '' });
    expect((await web.queue.depths())[0]?.waiting).toBe(jobs);
  });

  test('no credential at all — sent — is refused before its body is read', async () => {
    const response = await web.app.inject({
      method: 'POST',
      url: '/webhooks/corp',
      headers: { 'content-type': json },
      payload: '{}',
    });
    expect(response.statusCode).toBe(401);
    expect(response.body).toBe('');
  });

  test('the same delivery twice — sent — the second is a duplicate', async () => {
    expect((await send({})).code).toBe(202);
    expect((await send({})).code).toBe(200);
    expect((await send({ body: touched(7, 'd2') })).code).toBe(202);
    expect((await web.queue.depths())[0]?.waiting).toBe(1);
  });

  test('a delivery that was known, its job lost — sent again — the job is there again', async () => {
    await send({});
    await web.redis.del(...(await web.redis.keys('t:queue:*')));
    expect((await send({})).code).toBe(200);
    expect((await web.queue.depths())[0]?.waiting).toBe(1);
  });

  test('an event with a head — sent — the head is among the heads of its change', async () => {
    await send({});
    expect(await web.runStore.heads(sampleSubject)).toEqual([sampleSha('b')]);
  });

  test('a branch that moved — sent — its new tip is among the heads of the branch; deleted — nothing is poked', async () => {
    const tip = { kind: 'branch', host: 'corp', repositoryId: '12', branch: 'main' } as const;
    const repository = { host: 'corp', id: '12', path: 'ml/auto-mpg' };
    const moved = { kind: 'branch-moved', repository, branch: 'main', before: sampleSha('c') } as const;
    const push = (after: Sha | undefined): SentBody => ({
      kind: 'event',
      id: after ?? 'deleted',
      event: { ...moved, after },
    });
    expect((await send({ body: push(undefined) })).code).toBe(202);
    expect((await web.queue.depths())[0]?.waiting).toBe(0);
    expect((await send({ body: push(sampleSha('d')) })).code).toBe(202);
    expect((await web.queue.depths())[0]?.waiting).toBe(1);
    expect(await web.runStore.heads(tip)).toEqual([sampleSha('d')]);
  });

  test('what is logged — of deliveries — names them, and never shows a body', async () => {
    await send({});
    await send({ body: 'secret {' });
    expect(web.lines.find(({ level }) => level === 'info')).toMatchObject({
      message: 'delivery taken in',
      fields: { delivery: 'd1', host: 'corp', repository: 'ml/auto-mpg', change: 7, result: 'accepted' },
    });
    expect(web.lines.find(({ level }) => level === 'warn')?.fields).toMatchObject({
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(JSON.stringify(web.lines)).not.toContain('secret');
  });

  test('a hundred wrong tokens — sent — are counted, and logged once', async () => {
    for (let index = 0; index < 100; index += 1) await send({ token: `wrong${index}` });
    expect(web.lines.length).toBeLessThanOrEqual(1);
    const { body } = await web.app.inject('/metrics');
    expect(body).toMatch(
      /modelgate_webhook_received_total\{host="corp",event="none",result="rejected"\} \d{3}/,
    );
    expect(body).toMatch(/modelgate_webhook_ack_seconds_count\{host="corp"\} \d+/);
  });
});

describe('bodies that are not taken', () => {
  test.each<[string, Sent, string, string]>([
    ['30 MiB', { body: Buffer.alloc(30 * 1024 * 1024, 0x20) }, 'too-large', 'larger than any host sends'],
    ['a form', { type: 'application/x-www-form-urlencoded', body: 'a=b' }, 'wrong-type', 'application/json'],
  ])('%s, several times — is counted each time, and logged once', async (_what, sent, result, reason) => {
    // Another server: what one has logged within a minute it does not log again.
    const fresh = startApp(redis.url);
    const { type = json, body = '' } = sent;
    const headers = { 'content-type': type, 'x-gitlab-token': 'right' };
    for (let index = 0; index < 3; index += 1)
      await fresh.app.inject({
        method: 'POST',
        url: '/webhooks/corp',
        headers,
        payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : '',
      });

    const metrics = (await fresh.app.inject('/metrics')).body;
    expect(metrics).toContain(
      `modelgate_webhook_received_total{host="corp",event="none",result="${result}"} 3`,
    );
    const logged = fresh.lines.filter(({ message }) => message === 'a delivery was refused');
    expect(logged.map(({ fields }) => fields)).toMatchObject([
      { host: 'corp', reason: expect.stringContaining(reason) },
    ]);
    await fresh.end();
  });

  test('a secret that cannot be asked for — 500, counted, and logged once however often it happens', async () => {
    const fresh = startApp(redis.url);
    const headers = { 'content-type': json, 'x-gitlab-token': 'breaks' };
    for (let index = 0; index < 3; index += 1) {
      const answer = await fresh.app.inject({
        method: 'POST',
        url: '/webhooks/corp',
        headers,
        payload: '{}',
      });
      expect(answer.statusCode).toBe(500);
    }

    expect((await fresh.app.inject('/metrics')).body).toContain('result="failed"} 3');
    expect(fresh.messages().filter((message) => message === 'a delivery failed')).toHaveLength(1);
    await fresh.end();
  });
});

describe('redis', () => {
  test('stopped — 503 meanwhile, the log says so once; back — 202', async () => {
    await redis.stop();
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((index) => send({ body: touched(index, `d${index}`) })),
    );
    expect(answers.map(({ code }) => code)).toEqual([503, 503, 503, 503, 503]);
    await send({});
    expect(web.messages().filter((text) => text.startsWith('deliveries are refused'))).toHaveLength(1);

    await redis.start();
    await eventually('it is taken in', async () => (await send({})).code === 202);
    expect(web.messages()).toContain('deliveries are taken in again');
    expect((await send({ body: { kind: 'ignored', id: 'x' } })).code).toBe(200);
  });

  test('stopped, and back without another delivery — the log says that they are taken in again', async () => {
    const before = web.messages().length;
    const since = () => web.messages().slice(before);
    await redis.stop();
    expect((await send({})).code).toBe(503);
    expect(since()).toContain('deliveries are refused: redis does not take them');
    await redis.start();
    await eventually('said so', () => since().includes('deliveries are taken in again'));
    expect(since().filter((text) => text.startsWith('deliveries are'))).toHaveLength(2);
  });

  test('frozen — 503 meanwhile; thawed — 202', async () => {
    redis.freeze();
    const first = await send({});
    const second = await send({ body: touched(8, 'd8') });
    redis.thaw();
    expect([first.code, second.code]).toEqual([503, 503]);
    await eventually('it is taken in', async () => (await send({ body: touched(9, 'd9') })).code === 202);
  });

  test('full — 503; with room again — 202', async () => {
    await redis.fill();
    expect((await send({})).code).toBe(503);
    await redis.drain();
    expect((await send({})).code).toBe(202);
  });
});

describe('a real connection', () => {
  let port = 0;
  beforeAll(async () => {
    await web.app.listen({ host: '127.0.0.1', port: 0 });
    const address = web.app.server.address();
    port = typeof address === 'object' && address !== null ? address.port : 0;
  });

  /** Sends raw text and returns what comes back until the server ends, or for a while. */
  function talk(text: string, forMs = 1000, localAddress = '127.0.0.1'): Promise<string> {
    return new Promise((resolve) => {
      let heard = '';
      const socket = connect({ port, host: '127.0.0.1', localAddress }, () => socket.write(text));
      socket.on('data', (chunk) => (heard += chunk.toString()));
      socket.on('error', () => undefined);
      socket.on('close', () => resolve(heard));
      setTimeout(() => socket.destroy(), forMs);
    });
  }

  test('30 MiB announced — by a header alone — is refused at once and the connection closed', async () => {
    const heard = await talk(head('X-Gitlab-Token: right\r\nContent-Length: 31457280'));
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
    expect(heard.toLowerCase()).toContain('connection: close');
  });

  test('no credential — before the body came — is refused', async () => {
    expect(await talk(head('Content-Length: 1000000'))).toMatch(/^HTTP\/1\.1 401 /);
  });

  test('a wrong token and a large body announced — before the body came — is refused', async () => {
    expect(await talk(head('X-Gitlab-Token: x\r\nContent-Length: 27262976'))).toMatch(/^HTTP\/1\.1 401 /);
  });

  /** Announces a large body ten times and sends none of it; `end` gives up. */
  async function announce(header: string, localAddress: string) {
    let heard = 0;
    const hear = () => void (heard += 1);
    web.app.server.on('request', hear);
    const sockets = Array.from({ length: 10 }, () => connect({ port, host: '127.0.0.1', localAddress }));
    for (const socket of sockets) {
      socket.on('error', () => undefined);
      socket.write(head(`${header}\r\nContent-Length: 27262976`));
    }
    await eventually('all are announced', () => heard === sockets.length);
    web.app.server.off('request', hear);
    return {
      isWaitedFor: () => sockets.some(({ readyState }) => readyState === 'open'),
      end: () => sockets.forEach((socket) => socket.destroy()),
    };
  }

  async function post(body: object): Promise<number> {
    const headers = { 'content-type': json, 'x-gitlab-token': 'right' };
    const url = `http://127.0.0.1:${port}/webhooks/corp`;
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  }
  const fill = 'x'.repeat(20 * 1024 * 1024);

  test('large signed bodies that never come, from one address — one from another address is taken in', async () => {
    const slow = await announce('Webhook-Signature: v1,x', '127.0.0.2');
    expect(await post({ ...touched(7, 'other'), fill })).toBe(202);
    expect(slow.isWaitedFor()).toBe(true);
    slow.end();
  });

  test('large bodies that never come — ten of them — hold up no small delivery', async () => {
    const slow = await announce('X-Gitlab-Token: right', '127.0.0.1');
    expect(await post(touched(7, 'small'))).toBe(202);
    expect(slow.isWaitedFor()).toBe(true);
    slow.end();
    await eventually(
      'their room is free',
      async () => (await post({ ...touched(7, 'large'), fill })) === 202,
    );
  });
});
