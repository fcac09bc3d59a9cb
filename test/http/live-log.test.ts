import { get, type ClientRequest, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, startRedis } from '../support/redis.ts';
import type { TestRedis } from '../support/redis.ts';
import { sampleRun, sampleSubject } from '../support/sample-run.ts';
import { startApp } from './start-app.ts';

let redis: TestRedis;
let web: ReturnType<typeof startApp>;
let url: string;

beforeAll(async () => {
  redis = await startRedis();
  web = startApp(redis.url);
  await eventually('connected', () => web.redis.status === 'ready');
  url = await web.app.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await web.end();
  await redis.close();
});

/** A reader of events, as a browser is one. */
interface Reader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  text(): string;
  lines(): readonly string[];
  lastId(): string | undefined;
  readonly isEnded: () => boolean;
  close(): void;
}

const readers: Reader[] = [];
afterEach(() => {
  for (const reader of readers.splice(0)) reader.close();
});

async function read(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reader> {
  const request = get(url + path, { headers, agent: false });
  request.on('error', () => undefined);
  const response = await responseTo(request);
  let text = '';
  let isEnded = false;
  response.setEncoding('utf8').on('data', (part: string) => void (text += part));
  response.on('end', () => void (isEnded = true)).on('error', () => undefined);
  const reader: Reader = {
    status: response.statusCode ?? 0,
    headers: response.headers,
    text: () => text,
    lines: () => [...text.matchAll(/^data: (.*)$/gm)].map((match) => match[1] ?? ''),
    lastId: () => [...text.matchAll(/^id: (.*)$/gm)].at(-1)?.[1],
    isEnded: () => isEnded,
    close: () => request.destroy(),
  };
  readers.push(reader);
  return reader;
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve) => request.once('response', resolve));
}

async function write(id: string, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) web.runLog.append(id, line);
  await web.runLog.flush();
}

async function begin(id: string, number: number): Promise<ReturnType<typeof sampleRun>> {
  const subject = { ...sampleSubject, number };
  return web.runStore.saveRun(sampleRun({ id, subject }));
}

/** How often Redis was asked for log lines so far. */
async function logReads(): Promise<number> {
  const info = await redis.client.info('commandstats');
  return Number(/cmdstat_xrange:calls=(\d+)/.exec(info)?.[1] ?? 0);
}

describe('the log of a run as events', () => {
  test('a run — read from the start — all lines, as an event stream, and on to the end of the run', async () => {
    const run = await begin('whole', 101);
    await write('whole', 'one', 'two');
    const reader = await read('/runs/whole/log');
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    });
    await eventually('the first lines', () => reader.lines().length === 2);
    await write('whole', 'three');
    await web.runStore.saveRun({ ...run, state: 'judged', trouble: 'none' });
    await write('whole', 'four');
    await eventually('the end', reader.isEnded);
    expect(reader.lines()).toEqual(['one', 'two', 'three', 'four', '']);
    expect(reader.text()).toMatch(/event: end\ndata: \n\n$/);
  });

  test.each(['header', 'query'])(
    'a reader that was away — comes back by %s — gets the rest, once',
    async (how) => {
      const id = `resumed-${how}`;
      await begin(id, 102);
      await write(id, 'one', 'two');
      const before = await read(`/runs/${id}/log`);
      await eventually('two lines', () => before.lines().length === 2);
      before.close();
      await write(id, 'three');
      const cursor = before.lastId() ?? '';
      const after =
        how === 'header'
          ? await read(`/runs/${id}/log?after=0-1`, { 'last-event-id': cursor })
          : await read(`/runs/${id}/log?after=${cursor}`);
      await eventually('the third', () => after.lines().includes('three'));
      await write(id, 'four');
      await eventually('the fourth', () => after.lines().includes('four'));
      expect(after.lines()).toEqual(['three', 'four']);
    },
  );

  test('readers from different places — at the same time — each gets every line once, in order', async () => {
    await begin('many', 103);
    const all = Array.from({ length: 450 }, (_, index) => `line ${index}`);
    await write('many', ...all.slice(0, 50));
    const first = await read('/runs/many/log');
    await eventually('the first fifty', () => first.lines().length === 50);
    const cursor = first.lastId() ?? '';
    const writing = write('many', ...all.slice(50));
    const others = await Promise.all([
      read('/runs/many/log'),
      read(`/runs/many/log?after=${cursor}`),
      read('/runs/many/log?after=nonsense'),
    ]);
    await writing;
    await eventually('all of it', () => [first, ...others].every((one) => one.lines().at(-1) === 'line 449'));
    expect(first.lines()).toEqual(all);
    expect(others.map((one) => one.lines())).toEqual([all, all.slice(50), all]);
  });

  test('fifty readers of one log — share one reader of Redis; none — none at all', async () => {
    await begin('shared', 104);
    await write('shared', 'one');
    const fifty = await Promise.all(Array.from({ length: 50 }, () => read('/runs/shared/log')));
    await eventually('all have it', () => fifty.every((one) => one.lines().length === 1));
    const before = await logReads();
    await write('shared', 'two');
    await eventually('all have both', () => fifty.every((one) => one.lines().length === 2));
    expect((await logReads()) - before).toBeLessThan(25);

    for (const reader of fifty) reader.close();
    await eventually('nobody reads', async () => {
      const reads = await logReads();
      await new Promise((resolve) => setTimeout(resolve, 1200));
      return (await logReads()) === reads;
    });
  });

  test.each(['999999999999999-0', '1\n\nevent: changed\ndata: x', '-', '5'])(
    'a first reader that has had %j — joined by another — keeps nothing from anybody',
    async (after) => {
      const id = `ahead-${encodeURIComponent(after).replaceAll('%', '')}`;
      await begin(id, 109);
      await write(id, 'one');
      const first = await read(`/runs/${id}/log?after=${encodeURIComponent(after)}`);
      const second = await read(`/runs/${id}/log`);
      await eventually('the first line', () => second.lines().length === 1);
      await write(id, 'two');
      await eventually('all lines', () => second.lines().length === 2 && first.lines().length === 2);
      expect([first.lines(), second.lines()]).toEqual([
        ['one', 'two'],
        ['one', 'two'],
      ]);
    },
  );

  test('a line with breaks, controls and what looks like an event — stays one line of data', async () => {
    await begin('hostile', 105);
    await write('hostile', JSON.stringify({ msg: 'a\nevent: changed\r\ndata: x\n\n\u202eb' }), 'next');
    const reader = await read('/runs/hostile/log');
    await eventually('both', () => reader.lines().length === 2);
    expect(reader.lines()).toEqual(['a event: changed data: x \\u202eb', 'next']);
    expect(reader.text().match(/^event: .*$/gm)).toEqual(['event: lines']);
  });

  test('a page that follows — the run changes, a newer one begins — is told each time, and the stream stays', async () => {
    const subject = { ...sampleSubject, number: 106 };
    const run = await begin('followed', 106);
    await web.runStore.updateSubject(subject, (record) => ({ ...record, runId: 'followed' }));
    const reader = await read('/runs/followed/log?version=1...');
    const changes = () => reader.text().match(/(?<=event: changed\ndata: ).+/g) ?? [];
    await web.runStore.saveRun({ ...run, state: 'judged', trouble: 'none' });
    await eventually('the verdict', () => changes().length === 1);
    await web.runStore.saveRun(sampleRun({ id: 'newer', subject }));
    await web.runStore.updateSubject(subject, (record) => ({ ...record, runId: 'newer' }));
    await eventually('the newer run', () => changes().length === 2);
    expect(changes()).toEqual(['2...', '2.newer.1.']);
    expect(reader.isEnded()).toBe(false);
  });

  test('a page that follows — effects are paused, and not any more — is told, and shows the notice where it is renewed', async () => {
    await begin('held-up', 108);
    const reader = await read('/runs/held-up/log?version=1...');
    const changes = () => reader.text().match(/(?<=event: changed\ndata: ).+/g) ?? [];
    await web.operations.pause({ actor: 'ops', reason: 'moving' });
    await eventually('the pause', () => changes().length === 1);
    const { body } = await web.app.inject('/runs/held-up');
    expect(body.slice(body.indexOf('<main'), body.indexOf('</main>'))).toContain('<strong>Paused.</strong>');
    expect(body).toContain('data-version="1...paused"');
    await web.operations.resume({ actor: 'ops' });
    await eventually('its end', () => changes().length === 2);
    expect(changes()).toEqual(['1...paused', '1...']);
  });

  test('Redis away for a while — the stream stays, and goes on', async () => {
    await begin('outage', 107);
    await write('outage', 'before');
    const reader = await read('/runs/outage/log');
    const page = await read('/runs/outage/log?version=1...');
    await eventually('a line', () => reader.lines().length === 1 && page.lines().length === 1);
    redis.freeze();
    await eventually('it was noticed', () =>
      web.messages().some((text) => text.includes('open pages could not')),
    );
    redis.thaw();
    await eventually('redis is back', () => web.redis.status === 'ready');
    await write('outage', 'after');
    await eventually('the next line', () => reader.lines().length === 2);
    expect(reader.lines()).toEqual(['before', 'after']);
    const told = [...page.text().matchAll(/^event: (.*)$/gm)].map((match) => match[1]);
    expect([...new Set(told)]).toEqual(['lines', 'trouble', 'fine']);
  });

  test('a server that ends — ends its streams', async () => {
    const other = startApp(redis.url);
    await eventually('connected', () => other.redis.status === 'ready');
    await begin('closing', 108);
    const address = await other.app.listen({ host: '127.0.0.1', port: 0 });
    const request = get(`${address}/runs/closing/log`, { agent: false });
    const response = await responseTo(request);
    response.resume();
    const ended = once(response, 'end');
    await other.end();
    await ended;
    expect(response.complete).toBe(true);
  });

  test.each(['/runs/none/log', '/runs/a:b/log', '/changes/corp/12/999/events'])(
    '%s — is not found',
    async (path) => {
      expect((await read(path)).status).toBe(404);
    },
  );
});
