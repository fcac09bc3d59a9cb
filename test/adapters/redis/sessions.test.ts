import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectProducer } from '../../../src/adapters/redis/connect.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createSessions } from '../../../src/adapters/redis/sessions.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { createKeptLog } from '../../support/log.ts';
import { outagesTo } from '../../support/outages.ts';
import { eventually, startRedis, type TestRedis } from '../../support/redis.ts';

const alice = { host: 'corp', id: '7', login: 'alice', name: 'Alice Example' };
const minute = 60_000;
let redis: TestRedis;
let connection: ReturnType<typeof connectProducer>;

beforeAll(async () => {
  redis = await startRedis();
  connection = connectProducer(redis.url, outagesTo(createKeptLog().log));
  await eventually('connected', () => connection.status === 'ready');
});
afterAll(async () => {
  connection.disconnect();
  await redis.close();
});

function start() {
  const clock = createHandClock();
  return { clock, sessions: createSessions(connection, createKeys('t'), clock) };
}

describe('sessions', () => {
  test('one that was opened — is found until it is closed', async () => {
    const { sessions } = start();
    const id = await sessions.open(alice);
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(await sessions.find(id)).toEqual(alice);
    await sessions.close(id);
    expect(await sessions.find(id)).toBeUndefined();
    await sessions.close(id);
  });

  test('two of one person — are two, and end one by one', async () => {
    const { sessions } = start();
    const [one, other] = [await sessions.open(alice), await sessions.open(alice)];
    await sessions.close(one);
    expect(one).not.toBe(other);
    expect(await sessions.find(other)).toEqual(alice);
  });

  test('unused for two hours — is over; used meanwhile — goes on', async () => {
    const { clock, sessions } = start();
    const [used, unused] = [await sessions.open(alice), await sessions.open(alice)];
    await clock.advance(90 * minute);
    expect(await sessions.find(used)).toEqual(alice);
    await clock.advance(31 * minute);
    expect(await sessions.find(used)).toEqual(alice);
    expect(await sessions.find(unused)).toBeUndefined();
  });

  test('busy for twelve hours — is over', async () => {
    const { clock, sessions } = start();
    const id = await sessions.open(alice);
    for (let half = 0; half < 23; half += 1) {
      await clock.advance(30 * minute);
      expect(await sessions.find(id)).toEqual(alice);
    }
    await clock.advance(30 * minute);
    expect(await sessions.find(id)).toBeUndefined();
  });

  test('Redis — looked into — has no id, and forgets by itself', async () => {
    const { clock, sessions } = start();
    await redis.flush();
    const id = await sessions.open(alice);
    const [key = ''] = await redis.client.keys('*');
    expect(key).toMatch(/^t:session:[0-9a-f]{64}$/);
    expect(await redis.client.get(key)).not.toContain(id);
    await clock.advance(11 * 60 * minute + 30 * minute);
    expect(await redis.client.pttl(key)).toBeLessThanOrEqual(120 * minute);
    expect(await redis.client.pttl(key)).toBeGreaterThan(0);
  });

  test.each(['', 'x', '../../run:abc', 'a'.repeat(5000)])('the id %j — is nobody’s', async (id) => {
    expect(await start().sessions.find(id)).toBeUndefined();
  });
});
