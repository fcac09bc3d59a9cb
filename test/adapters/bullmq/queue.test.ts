import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createQueue } from '../../../src/adapters/bullmq/queue.ts';
import type { OpenQueue } from '../../../src/adapters/bullmq/queue.ts';
import { readPayload } from '../../../src/adapters/bullmq/payload.ts';
import { createSlots } from '../../../src/adapters/bullmq/slots.ts';
import { connectProducer } from '../../../src/adapters/redis/connect.ts';
import { createKeys, rowOfKey } from '../../../src/adapters/redis/keys.ts';
import { createWakeUps } from '../../../src/adapters/redis/wake-ups.ts';
import type { Job } from '../../../src/ports/queue.ts';
import { createKeptLog } from '../../support/log.ts';
import { eventually, startRedis } from '../../support/redis.ts';
import { outagesTo } from '../../support/outages.ts';
import type { TestRedis } from '../../support/redis.ts';

const { log } = createKeptLog();
const keys = createKeys('t');
let redis: TestRedis;
let queue: OpenQueue;

function gateChange(number: number): Job {
  return { kind: 'gate-change', ids: { host: 'corp', repositoryId: '12', number } };
}

function openQueue(url: string) {
  const connection = connectProducer(url, outagesTo(log));
  return {
    connection,
    queue: createQueue({ connection, prefix: keys.queuePrefix, log }, createWakeUps(connection, keys, log)),
  };
}

let close: () => void;
beforeAll(async () => {
  redis = await startRedis();
  const opened = openQueue(redis.url);
  queue = opened.queue;
  close = () => opened.connection.disconnect();
  await eventually('connected', () => opened.connection.status === 'ready');
});
beforeEach(() => redis.flush());
afterAll(async () => {
  close();
  await redis.close();
});

/** Whether a poke gets through, sooner or later. */
async function works(opened: OpenQueue = queue): Promise<boolean> {
  const tried = (): Promise<boolean> =>
    opened.poke(gateChange(7)).then(
      () => true,
      () => false,
    );
  await eventually('a poke gets through', tried);
  return (await opened.depths())[0]?.waiting === 1;
}

async function failsWithin(ms: number, work: Promise<unknown>): Promise<void> {
  const start = performance.now();
  await expect(work).rejects.toBeInstanceOf(Error);
  expect(performance.now() - start).toBeLessThan(ms);
}

describe('queue', () => {
  test('the oldest — of several that wait — is the first that was poked', async () => {
    await queue.poke(gateChange(1));
    const after = Date.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await queue.poke(gateChange(2));
    await queue.poke(gateChange(3));
    expect(new Date((await queue.depths())[0]?.oldestWaiting ?? '').getTime()).toBeLessThanOrEqual(after);
  });

  test('poked five times — of two changes — two jobs wait', async () => {
    for (const number of [7, 7, 8, 7, 8]) await queue.poke(gateChange(number));
    await queue.poke({ kind: 'sweep', ids: {} });

    expect(await queue.depths()).toMatchObject([
      { queue: 'gate', waiting: 2, active: 0, oldestWaiting: expect.any(String) },
      { queue: 'release', waiting: 0, active: 0 },
      { queue: 'upkeep', waiting: 1, active: 0 },
    ]);
  });

  test('what it writes — by key — is in the table of state', async () => {
    await queue.poke(gateChange(7));
    await queue.wakeAt(gateChange(8), new Date());
    const strangers = (await redis.client.keys('*')).filter((key) => rowOfKey('t', key) === undefined);
    expect(strangers).toEqual([]);
  });

  test('a stored wake-up — for an unknown queue — is refused', async () => {
    const payload = { v: 1, kind: 'gate-change', ids: {} };
    await expect(queue.pokeStored({ key: 'k', queue: 'nope', payload, at: new Date() })).rejects.toThrow(
      'nope',
    );
  });

  test('redis stopped — poked — fails at once; back — works', async () => {
    await redis.stop();
    await failsWithin(1800, queue.poke(gateChange(7)));
    await failsWithin(200, queue.poke(gateChange(7)));
    await failsWithin(200, queue.wakeAt(gateChange(7), new Date()));
    await redis.start();
    expect(await works()).toBe(true);
  });

  test('redis frozen — poked — fails within two seconds; thawed — works', async () => {
    redis.freeze();
    await failsWithin(2000, queue.poke(gateChange(7)));
    redis.thaw();
    expect(await works()).toBe(true);
  });

  test('redis stopped from the start — opened and poked — fails, the process lives, and works later', async () => {
    await redis.stop();
    const late = openQueue(redis.url);
    await failsWithin(1800, late.queue.poke(gateChange(7)));
    await redis.start();
    expect(await works(late.queue)).toBe(true);
    late.connection.disconnect();
  });

  test('redis full — poked — fails at once; with room again — works', async () => {
    await redis.fill();
    await failsWithin(500, queue.poke(gateChange(7)));
    await failsWithin(500, queue.wakeAt(gateChange(7), new Date()));
    await redis.drain();
    expect(await works()).toBe(true);
  });
});

test.each([
  [{ v: 1, kind: 'gate-change', ids: { number: 7 } }, 'job'],
  [{ v: 1, kind: 'gate-change', ids: { number: 7 }, more: true }, 'job'],
  [{ v: 2, kind: 'release', ids: {} }, 'newer'],
  [{ v: 1, kind: 'release', ids: {} }, 'job'],
  [{ v: 1, kind: 'later', ids: {} }, 'newer'],
  [{ v: 1, kind: 'toString', ids: {} }, 'newer'],
  [{ v: 1, kind: 'gate-change', ids: { deep: {} } }, 'broken'],
  [undefined, 'broken'],
])('payload %j — read — is %s', (data, is) => {
  expect(readPayload(data).is).toBe(is);
});

test('slots — four, of one repository and another — half for each', () => {
  const slots = createSlots(4);
  const first = slots.take('a');
  expect(slots.take('a')).toBeDefined();
  expect(slots.take('a')).toBeUndefined();
  expect(slots.take('b')).toBeDefined();
  first?.();
  expect(slots.take('a')).toBeDefined();
  expect(createSlots(1).take('a')).toBeDefined();
});
