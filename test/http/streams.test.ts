import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { fastify } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { createClock } from '../../src/adapters/system/clock.ts';
import { createFeed, type FeedSource } from '../../src/http/pages/live/feed.ts';
import { createStreams } from '../../src/http/pages/live/streams.ts';
import type { Viewer } from '../../src/http/pages/live/viewer.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createKeptLog } from '../support/log.ts';
import { eventually } from '../support/redis.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** Streams of one source, served. */
async function serve(source: FeedSource, most?: number) {
  const { log, messages } = createKeptLog();
  const streams = createStreams({ clock: createClock(), log, ...(most === undefined ? {} : { most }) });
  const app = fastify({ forceCloseConnections: true });
  app.get('/', async (request, reply) => streams.open(request, reply, 'one', source));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  ends.push(async () => {
    streams.end();
    await app.close();
  });
  return { url, messages };
}

function open(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false }, (response) => {
      response.on('error', () => undefined);
      resolve(response);
    });
    request.on('error', reject);
    ends.push(async () => void request.destroy());
  });
}

test('one stream more than there may be — is refused with 503; one that ends makes room', async () => {
  const { url, messages } = await serve({ state: async () => ({ version: '1', isOver: false }) }, 2);
  const first = await open(url);
  const codes = [first.statusCode, (await open(url)).statusCode, (await open(url)).statusCode];
  expect(codes).toEqual([200, 200, 503]);
  expect(messages()).toEqual(['a stream was refused: there are too many open pages']);
  first.destroy();
  await eventually('room', async () => (await open(url)).statusCode === 200);
});

test('a reader that stops reading — is waited for, holds up nobody, and gets the rest when it goes on', async () => {
  const lines = Array.from({ length: 2000 }, (_, index) => `${index} ${'x'.repeat(10_000)}`);
  let handedOut = 0;
  const read: FeedSource['read'] = async (after, limit, until) => {
    const from = Number(after ?? 0);
    const part = lines.slice(from, Math.min(from + limit, Number(until ?? lines.length)));
    handedOut += part.length;
    return { lines: part, cursor: part.length === 0 ? after : String(from + part.length) };
  };
  const { url } = await serve({ read, state: async () => ({ version: '1', isOver: false }) });
  const slow = await open(url);
  slow.pause();
  await eventually('the feed has read all for itself', () => handedOut >= lines.length);

  const quick = await open(url);
  const numbersOf = (text: string) => [...text.matchAll(/^data: (\d+) x/gm)].map((match) => Number(match[1]));
  const all = lines.map((_, index) => index);
  let quickText = '';
  quick.setEncoding('utf8').on('data', (part: string) => void (quickText += part));
  await eventually('the quick one has all', () => quickText.includes('data: 1999 x'));
  expect(numbersOf(quickText)).toEqual(all);
  // 20 MB are there for the slow one; it was handed what fits between the two ends of a connection.
  expect(handedOut).toBeLessThan(3 * lines.length - 200);

  let slowText = '';
  slow.setEncoding('utf8').on('data', (part: string) => void (slowText += part));
  slow.resume();
  await eventually('the slow one has all', () => slowText.includes('data: 1999 x'));
  expect(numbersOf(slowText)).toEqual(all);
});

test('a reader that went away before it was known who asks — takes no place, and nothing is read for it', async () => {
  const { log } = createKeptLog();
  let looks = 0;
  let arrived = 0;
  let opened = 0;
  let decide = (): void => undefined;
  const decided = new Promise<void>((resolve) => (decide = resolve));
  const streams = createStreams({ clock: createClock(), log, most: 1 });
  const app = fastify({ forceCloseConnections: true });
  const source = { state: async () => ({ version: String((looks += 1)), isOver: false }) };
  app.get('/', async (request, reply) => {
    arrived += 1;
    if (arrived === 1) {
      await decided;
      await eventually('the connection is closed', () => reply.raw.closed);
    }
    opened += 1;
    return streams.open(request, reply, 'one', source);
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  ends.push(async () => {
    streams.end();
    await app.close();
  });
  const hasty = connect(Number(new URL(url).port), '127.0.0.1');
  hasty.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await eventually('it has asked', () => arrived === 1);
  hasty.destroy();
  decide();
  await eventually('it is answered', () => opened === 1);
  expect(looks).toBe(0);
  expect((await open(url)).statusCode).toBe(200);
});

test('a reader that never reads — is let go after a while, its connection too', async () => {
  const { log } = createKeptLog();
  const clock = createHandClock();
  const streams = createStreams({ clock, log, most: 1 });
  const app = fastify({ forceCloseConnections: true });
  const line = 'x'.repeat(50_000);
  const source: FeedSource = {
    read: async (after, limit) => {
      const from = Number((after ?? '0-0').split('-')[0]);
      const count = from >= 2000 ? 0 : limit;
      return { lines: Array.from({ length: count }, () => line), cursor: `${from + count}-0` };
    },
    state: async () => ({ version: '1', isOver: false }),
  };
  app.get('/', async (request, reply) => streams.open(request, reply, 'one', source));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  ends.push(async () => {
    streams.end();
    await app.close();
  });
  const idle = connect(Number(new URL(url).port), '127.0.0.1');
  idle.on('error', () => undefined).pause();
  ends.push(async () => void idle.destroy());
  idle.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await eventually('it is full', async () => (await open(url)).statusCode === 503);
  let code: number | undefined;
  await eventually('there is room again', async () => {
    await clock.advance(61_000);
    code = (await open(url)).statusCode;
    return code !== 503;
  });
  expect(code).toBe(200);
});

test('very many pages that change at once — are told some at a time, and all of them soon', async () => {
  const clock = createHandClock();
  let version = 'old';
  const feed = createFeed(
    { state: async () => ({ version, isOver: false }) },
    { clock, onTrouble: (thrown) => expect.unreachable(String(thrown)) },
  );
  const told: string[] = [];
  for (let index = 0; index < 120; index += 1) feed.add(viewerOf('old', told));
  await eventually('all are there', async () => {
    await clock.advance(0);
    return [...feed.viewers].every(({ isLive }) => isLive);
  });
  version = 'new';
  const counts: number[] = [];
  for (let look = 0; look < 3; look += 1) {
    await clock.advance(look === 0 ? 1000 : 250);
    counts.push(told.length);
  }
  expect(counts).toEqual([50, 100, 120]);
  for (const viewer of feed.viewers) feed.remove(viewer);
  expect(clock.waiting()).toBe(0);
});

/** Somebody with room for everything. */
function viewerOf(version: string, told: string[]): Viewer {
  return {
    cursor: undefined,
    version,
    isLive: false,
    send: ({ lines }) => told.push(...lines) > 0,
    beat: () => undefined,
    drained: () => Promise.resolve(),
    isGone: () => false,
    end: () => undefined,
    cut: () => undefined,
  };
}
