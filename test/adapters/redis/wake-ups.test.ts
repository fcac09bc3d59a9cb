import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createWakeUps } from '../../../src/adapters/redis/wake-ups.ts';
import type { WakeUp, WakeUps } from '../../../src/ports/wake-ups.ts';
import { createKeptLog } from '../../support/log.ts';
import { startRedis } from '../../support/redis.ts';
import type { TestRedis } from '../../support/redis.ts';

const keys = createKeys('t');
const { log, messages } = createKeptLog();
let redis: TestRedis;
let wakeUps: WakeUps;

beforeAll(async () => {
  redis = await startRedis();
  wakeUps = createWakeUps(redis.client, keys, log);
});
beforeEach(() => redis.flush());
afterAll(() => redis.close());

function wakeUp(key: string, seconds: number): WakeUp {
  return {
    key,
    queue: 'gate',
    payload: { v: 1, kind: 'gate-change', ids: { number: 7 } },
    at: time(seconds),
  };
}

function time(seconds: number): Date {
  return new Date(Date.UTC(2026, 4, 4, 10, 0, seconds));
}

function failAtB(due: WakeUp): Promise<boolean> {
  return due.key === 'b' ? Promise.reject(new Error('full')) : Promise.resolve(true);
}

async function take(seconds: number, limit = 10): Promise<string[]> {
  const poked: string[] = [];
  await wakeUps.takeDue(time(seconds), limit, async (due) => poked.push(due.key) > 0);
  return poked;
}

describe('wake-ups', () => {
  test('due and not due — taken — the due ones, oldest first, once', async () => {
    for (const [key, at] of [
      ['b', 2],
      ['a', 1],
      ['c', 9],
    ] as const)
      await wakeUps.put(wakeUp(key, at));

    expect(await take(5)).toEqual(['a', 'b']);
    expect(await take(5)).toEqual([]);
    expect(await take(9)).toEqual(['c']);
    expect(await redis.client.keys('*')).toEqual([]);
  });

  test('a poke — of a stored job — carries what was stored', async () => {
    await wakeUps.put(wakeUp('a', 1));
    const seen: WakeUp[] = [];
    await wakeUps.takeDue(time(1), 10, async (due) => seen.push(due) > 0);
    expect(seen).toEqual([wakeUp('a', 1)]);
  });

  test('put again — with another time — the newest replaces', async () => {
    await wakeUps.put(wakeUp('a', 1));
    await wakeUps.put(wakeUp('a', 8));
    expect(await take(5)).toEqual([]);
    expect(await take(8)).toEqual(['a']);
  });

  test('more than the limit — taken — the rest next time', async () => {
    for (const key of ['a', 'b', 'c']) await wakeUps.put(wakeUp(key, 1));
    expect(await take(1, 2)).toHaveLength(2);
    expect(await take(1, 2)).toHaveLength(1);
  });

  test('a poke that fails — in the middle — leaves what was not poked', async () => {
    await wakeUps.put(wakeUp('a', 1));
    await wakeUps.put(wakeUp('b', 2));
    await expect(wakeUps.takeDue(time(5), 10, failAtB)).rejects.toThrow('full');

    expect(await take(5)).toEqual(['b']);
  });

  test('replaced during its poke — removed afterwards — not the new one', async () => {
    await wakeUps.put(wakeUp('a', 1));
    await wakeUps.takeDue(time(5), 10, async () => (await wakeUps.put(wakeUp('a', 30)), true));
    expect(await take(29)).toEqual([]);
    expect(await take(30)).toEqual(['a']);
  });

  test('replaced while an earlier one is poked — with a later time — is neither poked early nor removed', async () => {
    await wakeUps.put(wakeUp('a', 1));
    await wakeUps.put(wakeUp('b', 2));
    const poked: string[] = [];
    await wakeUps.takeDue(time(5), 10, async (due) => {
      await wakeUps.put(wakeUp('b', 30));
      return poked.push(due.key) > 0;
    });

    expect(poked).toEqual(['a']);
    expect(await take(30)).toEqual(['b']);
  });

  test('of a newer version, or for an unknown queue — more of them than the limit — stay, and hold up nobody', async () => {
    for (const key of ['n1', 'n2', 'n3']) {
      await wakeUps.put(wakeUp(key, 1));
      await redis.client.hset(keys.wakeUpJobs, key, JSON.stringify({ v: 9, at: 'soon', deeds: [] }));
    }
    await wakeUps.put({ ...wakeUp('q', 1), queue: 'release' });
    await wakeUps.put(wakeUp('a', 2));
    const poked: string[] = [];
    const poke = async (due: WakeUp): Promise<boolean> => due.queue === 'gate' && poked.push(due.key) > 0;

    expect(await wakeUps.takeDue(time(5), 2, poke)).toBe(1);
    expect(await wakeUps.takeDue(time(5), 2, poke)).toBe(0);
    expect(poked).toEqual(['a']);
    expect((await wakeUps.pending()).count).toBe(4);
    const told = messages().filter((text) => text === 'stored wake-ups are left to a newer version');
    expect(told).toHaveLength(2);
  });

  test('something unreadable — due — is dropped and logged, and holds up nobody', async () => {
    await redis.client.zadd(keys.wakeUps, 0, 'broken', 0, 'empty');
    await redis.client.hset(keys.wakeUpJobs, 'broken', '{');
    await wakeUps.put(wakeUp('a', 1));

    expect(await take(5)).toEqual(['a']);
    expect(messages()).toEqual(expect.arrayContaining(['a stored wake-up is not readable and is dropped']));
    expect(await redis.client.keys('*')).toEqual([]);
  });

  test('pending — of none and of two — count and first time', async () => {
    expect(await wakeUps.pending()).toEqual({ count: 0, next: undefined });
    await wakeUps.put(wakeUp('a', 7));
    await wakeUps.put(wakeUp('b', 3));
    expect(await wakeUps.pending()).toEqual({ count: 2, next: time(3) });
  });
});
