import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createDeliveries } from '../../../src/adapters/redis/deliveries.ts';
import { createKeys, keyTable } from '../../../src/adapters/redis/keys.ts';
import { createRunStore } from '../../../src/adapters/redis/run-store.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { toSha, type Sha } from '../../../src/domain/repository.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { sampleSha, sampleSubject } from '../../support/sample-run.ts';

const keys = createKeys('t');
let redis: TestRedis;
let now = new Date('2026-05-04T10:00:00Z');
const clock: Clock = { ...createClock(), now: () => now };

const keep = (id: string, head?: Sha) =>
  createDeliveries(redis.client, keys, clock).keep(id, head && { subject: sampleSubject, head });
const heads = (number = sampleSubject.number) =>
  createRunStore(redis.client, keys, clock).heads({ ...sampleSubject, number });

beforeAll(async () => void (redis = await startRedis()));
beforeEach(() => redis.flush());
afterAll(() => redis.close());

test('a delivery — kept twice — was known the second time, for eight days, and without a head names none', async () => {
  expect(await keep('corp/1')).toBe(false);
  expect(await keep('corp/1')).toBe(true);
  expect(await keep('corp/2')).toBe(false);
  expect(await redis.client.pttl(keys.delivery('corp/1'))).toBeGreaterThan(7 * 86_400_000);
  expect(await heads()).toEqual([]);
});

test('heads — two, one of them named twice — are listed once, for their own change alone', async () => {
  for (const [index, digit] of ['a', 'b', 'a'].entries()) await keep(`corp/${index}`, sampleSha(digit));
  expect([...(await heads())].sort()).toEqual([sampleSha('a'), sampleSha('b')]);
  expect(await heads(8)).toEqual([]);
  expect(await redis.client.pttl(keys.heads(sampleSubject))).toBeGreaterThan(keyTable.heads.ttlMs - 10_000);
});

test('a delivery that was known — its head forgotten meanwhile — names it again', async () => {
  await keep('corp/1', sampleSha('a'));
  await redis.client.del(keys.heads(sampleSubject));
  expect(await keep('corp/1', sampleSha('a'))).toBe(true);
  expect(await heads()).toEqual([sampleSha('a')]);
});

test('more than fifty heads — listed — the newest fifty', async () => {
  for (let index = 0; index < 60; index += 1) {
    now = new Date(Date.UTC(2026, 4, 4, 10, 0, index));
    await keep(`corp/${index}`, toSha(`${1000 + index}${'a'.repeat(36)}`));
  }
  const listed = await heads();
  expect(listed).toHaveLength(50);
  expect(listed.some((head) => head.startsWith('1009'))).toBe(false);
  expect(listed.some((head) => head.startsWith('1059'))).toBe(true);
});
