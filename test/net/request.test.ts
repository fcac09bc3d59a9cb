import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createTcpServer } from 'node:net';
import type { Server } from 'node:net';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, describe, expect, test } from 'vitest';

import { createDispatchers, proxyFrom } from '../../src/net/dispatchers.ts';
import type { DispatcherOptions, TlsSettings } from '../../src/net/dispatchers.ts';
import { request } from '../../src/net/request.ts';
import type { HttpRequest } from '../../src/net/request.ts';
import { portOf } from '../support/port-of.ts';

const never = new AbortController().signal;
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => sockets.add(socket));
  closers.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  return portOf(server);
}

async function serve(handle: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createServer(handle))}`;
}

async function ask(
  url: string,
  more: Partial<HttpRequest> & { tls?: TlsSettings; options?: DispatcherOptions; signal?: AbortSignal } = {},
) {
  const { tls = {}, options = {}, signal = never, ...wanted } = more;
  const dispatchers = createDispatchers(options);
  closers.unshift(() => dispatchers.close());
  return request(
    await dispatchers.for(tls),
    { method: 'GET', url: new URL(url), maxBytes: 1000, ...wanted },
    signal,
  );
}

const timeouts = { headersMs: 200, bodyMs: 200, totalMs: 1500 };

describe('an answer', () => {
  test('of any status — is an answer: status, first of each header, bytes', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(418, { 'x-one': ['a', 'b'] }).end('short'),
    );
    const answer = await ask(`${url}/x?y=z`);
    expect(answer).toMatchObject({
      kind: 'answer',
      status: 418,
      cut: false,
      headers: expect.objectContaining({ 'x-one': 'a' }),
    });
    expect(answer.kind === 'answer' && answer.body.toString()).toBe('short');
  });

  test.each([
    [
      'announced',
      (size: number): RequestListener =>
        (_request, response) =>
          void response.writeHead(200, { 'content-length': size }).end('x'.repeat(size)),
    ],
    [
      'not announced',
      (size: number): RequestListener =>
        (_request, response) => {
          response.writeHead(200);
          for (let at = 0; at < size; at += 1) response.write('x');
          response.end();
        },
    ],
  ])('of the largest size, and one byte more, %s — is whole, and cut', async (_name, handler) => {
    const whole = await ask(await serve(handler(1000)));
    expect(whole.kind === 'answer' && [whole.cut, whole.body.length]).toEqual([false, 1000]);
    const cut = await ask(await serve(handler(1001)));
    expect(cut.kind === 'answer' && cut.cut).toBe(true);
  });

  test('to HEAD, with a large content-length — is not cut', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': '123456789' }).end(),
    );
    expect(await ask(url, { method: 'HEAD' })).toMatchObject({ status: 200, cut: false });
  });

  test('compressed — is left as it is', async () => {
    const url = await serve((incoming, response) => {
      expect(incoming.headers['accept-encoding']).toBeUndefined();
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip at all');
    });
    const answer = await ask(url);
    expect(answer.kind === 'answer' && answer.body.toString()).toBe('not gzip at all');
  });
});

describe('trouble', () => {
  test.each<[string, RequestListener, string, string]>([
    ['no answer', () => {}, 'timeout', 'UND_ERR_HEADERS_TIMEOUT'],
    [
      'half an answer',
      (_request, response) => void response.writeHead(200, { 'content-length': 10 }).write('x'),
      'timeout',
      'UND_ERR_BODY_TIMEOUT',
    ],
    ['a dropped connection', (incoming) => incoming.socket.destroy(), 'dropped', 'UND_ERR_SOCKET'],
    [
      'a body that is shorter than promised',
      (_request, response) => {
        response.writeHead(200, { 'content-length': 10 });
        response.write('x', () => response.destroy());
      },
      'dropped',
      'UND_ERR_SOCKET',
    ],
  ])('%s — is a value with a plain text', async (_name, handle, cause, code) => {
    const url = await serve(handle);
    const answer = await ask(`${url}/path?secret=hunter2`, {
      timeouts,
      headers: { authorization: 'hunter2' },
    });
    expect(answer).toMatchObject({ kind: 'trouble', cause });
    expect(answer.kind === 'trouble' && answer.text).toMatch(new RegExp(`^127.0.0.1:\\d+ .* \\[${code}\\]$`));
  });

  test('a body that trickles — ends at the total time', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('x'), 50);
      response.on('close', () => clearInterval(timer));
    });
    expect(await ask(url, { timeouts: { ...timeouts, bodyMs: 1000, totalMs: 300 } })).toMatchObject({
      kind: 'trouble',
      cause: 'timeout',
    });
  });

  test('nobody listens, no such name — are told apart', async () => {
    expect(await ask('http://127.0.0.1:1')).toMatchObject({
      cause: 'refused',
      text: '127.0.0.1:1 refuses connections or cannot be reached [ECONNREFUSED]',
    });
    expect(await ask('http://no-such-host.invalid')).toMatchObject({ cause: 'dns' });
  });
});

describe('abort', () => {
  test.each<[string, number, RequestListener]>([
    ['before', 0, () => {}],
    ['while waiting for headers', 50, () => {}],
    ['in the body', 50, (_request, response) => void response.writeHead(200).write('x')],
  ])('%s — throws the reason', async (_name, ms, handle) => {
    const url = await serve(handle);
    const controller = new AbortController();
    const reason = new Error('superseded');
    if (ms === 0) controller.abort(reason);
    else setTimeout(() => controller.abort(reason), ms);
    await expect(ask(url, { signal: controller.signal })).rejects.toBe(reason);
  });
});

describe('redirects', () => {
  const secret = {
    authorization: 'hunter2',
    'private-token': 'hunter2',
    cookie: 'a=hunter2',
    accept: 'application/json',
  };

  test('unless asked for — are answers', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
    );
    expect(await ask(url)).toMatchObject({ kind: 'answer', status: 302 });
  });

  test('to the same origin — keep the credentials; to another — keep nothing that could be one', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const other = await serve((incoming, response) => {
      seen.push(incoming.headers);
      response.end('there');
    });
    const url = await serve((incoming, response) => {
      seen.push(incoming.headers);
      response.writeHead(307, { location: incoming.url === '/' ? '/again' : `${other}/x` }).end();
    });
    const answer = await ask(url, { headers: secret, redirects: 3 });
    expect(answer.kind === 'answer' && [answer.status, answer.url.href]).toEqual([200, `${other}/x`]);
    expect(seen[1]).toMatchObject(secret);
    expect(seen[2]).toMatchObject({ accept: 'application/json' });
    expect(JSON.stringify(seen[2])).not.toContain('hunter2');
  });

  test.each([
    ['in a circle', '/'],
    ['to another protocol', 'file:///etc/passwd'],
    ['to nothing readable', 'http://'],
  ])('%s — are trouble', async (_name, location) => {
    const url = await serve((_request, response) => response.writeHead(302, { location }).end());
    expect(await ask(url, { redirects: 3 })).toMatchObject({ kind: 'trouble', cause: 'redirects' });
  });
});

describe('TLS', () => {
  test('a private authority — unknown, given, not verified — is refused, trusted, trusted', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'modelgate-tls-'));
    closers.push(() => Promise.resolve(rmSync(folder, { recursive: true })));
    const [keyFile, certFile] = [path.join(folder, 'key'), path.join(folder, 'cert')];
    execFileSync(
      'openssl',
      [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:P-256',
        '-nodes',
        '-days',
        '2',
        '-subj',
        '/CN=localhost',
        '-addext',
        'subjectAltName=IP:127.0.0.1',
        '-keyout',
        keyFile,
        '-out',
        certFile,
      ],
      { stdio: 'ignore' },
    );
    const cert = readFileSync(certFile, 'utf8');
    const server = createTlsServer({ key: readFileSync(keyFile), cert }, (_request, response) =>
      response.end('safe'),
    );
    const url = `https://127.0.0.1:${await listen(server)}`;
    expect(await ask(url)).toMatchObject({ kind: 'trouble', cause: 'tls' });
    expect(await ask(url, { tls: { ca: cert } })).toMatchObject({ kind: 'answer', status: 200 });
    expect(await ask(url, { tls: { verify: false } })).toMatchObject({ kind: 'answer', status: 200 });
  });
});

describe('proxy', () => {
  test('from the environment — is used for all but the named hosts', async () => {
    const tunnels: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (incoming, socket, head) => {
      tunnels.push(incoming.url ?? '');
      const [, port] = (incoming.url ?? '').split(':');
      const target = connect(Number(port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        target.write(head);
        target.pipe(socket).pipe(target);
      });
      closers.unshift(() => Promise.resolve(target.destroy()));
    });
    const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
    const url = await serve((_request, response) => response.end('behind'));
    const through = proxyFrom({ http_proxy: proxyUrl, HTTPS_PROXY: proxyUrl, NO_PROXY: '' });
    expect(
      await ask(url.replace('127.0.0.1', 'behind.invalid'), { options: { proxy: through } }),
    ).toMatchObject({ kind: 'answer', status: 200 });
    expect(tunnels).toHaveLength(1);
    const around = proxyFrom({ HTTP_PROXY: proxyUrl, no_proxy: 'example.com,127.0.0.1' });
    expect(await ask(url, { options: { proxy: around } })).toMatchObject({ kind: 'answer', status: 200 });
    expect(tunnels).toHaveLength(1);
  });

  test('that is away or refuses — is trouble', async () => {
    const away = proxyFrom({ http_proxy: 'http://127.0.0.1:1' });
    expect(await ask('http://host.invalid', { options: { proxy: away } })).toMatchObject({ kind: 'trouble' });
    const refusing = createTcpServer((socket) =>
      socket.on('error', () => {}).end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
    );
    const url = `http://127.0.0.1:${await listen(refusing)}`;
    expect(
      await ask('http://host.invalid', { options: { proxy: proxyFrom({ http_proxy: url }) } }),
    ).toMatchObject({ kind: 'trouble', cause: 'proxy' });
  });

  test.each([
    [{ NO_PROXY: 'x', HTTP_PROXY: '' }, undefined],
    [
      { HTTPS_PROXY: 'proxy:3128' },
      { httpProxy: undefined, httpsProxy: 'http://proxy:3128', noProxy: undefined },
    ],
    [
      { http_proxy: 'http://one', HTTP_PROXY: 'http://two', NO_PROXY: 'x' },
      { httpProxy: 'http://one', httpsProxy: undefined, noProxy: 'x' },
    ],
  ])('environment %j — read — is %j', (env, proxy) => {
    expect(proxyFrom(env)).toEqual(proxy);
  });

  test('an address that is none — is said without repeating it', () => {
    expect(() => proxyFrom({ http_proxy: 'ftp://u:hunter2@proxy' })).toThrow(
      /^http_proxy is not the address of a proxy$/,
    );
  });
});

test('one dispatcher for each set of TLS settings — asked for twice at once — is made once', async () => {
  const dispatchers = createDispatchers();
  const [one, same, other] = await Promise.all([
    dispatchers.for({}),
    dispatchers.for({}),
    dispatchers.for({ verify: false }),
  ]);
  expect(one).toBe(same);
  expect(one).not.toBe(other);
  await dispatchers.close();
});
