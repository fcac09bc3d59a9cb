import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeliveries } from '../../../src/adapters/redis/deliveries.ts';
import { createKeys, keyTable, rowOfKey } from '../../../src/adapters/redis/keys.ts';
import { createRunStore } from '../../../src/adapters/redis/run-store.ts';
import { RetryableError, StaleRecordError } from '../../../src/errors.ts';
import { toSha } from '../../../src/domain/repository.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { startRedis } from '../../support/redis.ts';
import type { TestRedis } from '../../support/redis.ts';
import {
  sampleJudgement,
  sampleRun,
  sampleSha,
  sampleSubject,
  sampleSubjectRecord,
} from '../../support/sample-run.ts';

const keys = createKeys('t');
let redis: TestRedis;
let store: RunStore;
let now = new Date('2026-05-04T10:00:00Z');
const clock: Clock = { ...createClock(), now: () => now };

beforeAll(async () => {
  redis = await startRedis();
  store = createRunStore(redis.client, keys, clock);
});
beforeEach(() => redis.flush());
afterAll(() => redis.close());

describe('runs', () => {
  test('a new run — saved and loaded — is the same with revision 1', async () => {
    const saved = await store.saveRun(sampleRun({ judgement: sampleJudgement() }));

    expect(saved.rev).toBe(1);
    expect(await store.loadRun(saved.id)).toEqual(JSON.parse(JSON.stringify(saved)));
    expect(await redis.client.pttl(keys.run(saved.id))).toBeGreaterThan(keyTable.run.ttlMs - 5000);
  });

  test('a run that is not there — loaded — is undefined', async () => {
    expect(await store.loadRun('nope')).toBeUndefined();
  });

  test('two writers — with the same revision — the second is stale and changes nothing', async () => {
    const first = await store.saveRun(sampleRun());

    await store.saveRun({ ...first, state: 'judged' });
    await expect(store.saveRun({ ...first, state: 'cancelled' })).rejects.toThrow(StaleRecordError);

    expect((await store.loadRun(first.id))?.state).toBe('judged');
  });

  test('creating — where a record exists — is stale', async () => {
    await store.saveRun(sampleRun());
    await expect(store.saveRun(sampleRun())).rejects.toThrow(StaleRecordError);
  });

  test('a loaded run — after Redis was emptied — is stale', async () => {
    const run = await store.saveRun(sampleRun());
    await redis.flush();
    await expect(store.saveRun(run)).rejects.toThrow(StaleRecordError);
  });

  test('twenty writers at once — one revision — exactly one wins', async () => {
    const run = await store.saveRun(sampleRun());
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => store.saveRun(run)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('recent runs — three saved, one of them again — newest first by their beginning', async () => {
    for (const [index, id] of ['one', 'two', 'three'].entries()) {
      now = new Date(Date.UTC(2026, 4, 4, 10, index));
      await store.saveRun(sampleRun({ id }));
    }
    now = new Date(Date.UTC(2026, 4, 4, 11));
    await store.saveRun({ ...sampleRun({ id: 'one', rev: 1 }), state: 'judged' });

    expect((await store.recentRuns(2)).map((run) => run.id)).toEqual(['three', 'two']);
    expect((await store.recentRuns(9)).map((run) => run.id)).toEqual(['three', 'two', 'one']);
    expect(await store.recentRuns(0)).toEqual([]);
  });

  test('recent runs — one record expired — lists the others', async () => {
    await store.saveRun(sampleRun({ id: 'one' }));
    await store.saveRun(sampleRun({ id: 'two' }));
    await redis.client.del(keys.run('one'));
    expect((await store.recentRuns(9)).map((run) => run.id)).toEqual(['two']);
  });

  test('the index — beyond a thousand runs — forgets the oldest', async () => {
    await redis.client.zadd(
      keys.runs,
      ...Array.from({ length: 1000 }, (_, i) => [now.getTime() - i - 1, `old${i}`]).flat(),
    );
    await store.saveRun(sampleRun({ id: 'new' }));
    expect(await redis.client.zcard(keys.runs)).toBe(1000);
    expect(await redis.client.zrange(keys.runs, 0, '0', 'REV')).toEqual(['new']);
  });

  test('a record of a newer version — loaded — is left to a newer worker', async () => {
    await redis.client.set(keys.run('x'), '{"v":2,"rev":1,"id":"x"}');
    await expect(store.loadRun('x')).rejects.toThrow(RetryableError);
  });

  test.each(['not json', '{"v":1}', '{"v":1,"rev":1}', '[]', 'null'])(
    '%s — loaded as a run — names the key',
    async (text) => {
      await redis.client.set(keys.run('x'), text);
      await expect(store.loadRun('x')).rejects.toMatchObject({
        code: 'record-broken',
        message: expect.stringContaining('t:run:x'),
      });
    },
  );
});

describe('subjects', () => {
  test('a record — saved twice — rises', async () => {
    const first = await store.saveSubject(sampleSubjectRecord());
    const second = await store.saveSubject({ ...first, generation: 2 });

    expect(second.rev).toBe(2);
    expect(await store.loadSubject(sampleSubject)).toEqual(JSON.parse(JSON.stringify(second)));
    await expect(store.saveSubject(first)).rejects.toThrow(StaleRecordError);
  });

  test('another number — loaded — is undefined', async () => {
    await store.saveSubject(sampleSubjectRecord());
    expect(await store.loadSubject({ ...sampleSubject, number: 8 })).toBeUndefined();
  });
});

describe('heads', () => {
  test('named twice — listed — once', async () => {
    for (const digit of ['a', 'b', 'a']) await store.addHead(sampleSubject, sampleSha(digit));
    expect([...(await store.heads(sampleSubject))].sort()).toEqual([sampleSha('a'), sampleSha('b')]);
    expect(await store.heads({ ...sampleSubject, number: 8 })).toEqual([]);
  });

  test('more than fifty — listed — the newest fifty', async () => {
    for (let index = 0; index < 60; index += 1) {
      now = new Date(Date.UTC(2026, 4, 4, 10, 0, index));
      const head = toSha(`${1000 + index}${'a'.repeat(36)}`);
      if (head !== undefined) await store.addHead(sampleSubject, head);
    }
    const heads = await store.heads(sampleSubject);
    expect(heads).toHaveLength(50);
    expect(heads.some((head) => head.startsWith('1009'))).toBe(false);
    expect(heads.some((head) => head.startsWith('1059'))).toBe(true);
  });
});

test('deliveries — remembered — are known, for eight days', async () => {
  const deliveries = createDeliveries(redis.client, keys);
  expect(await deliveries.has('corp/1')).toBe(false);
  await deliveries.remember('corp/1');
  expect(await deliveries.has('corp/1')).toBe(true);
  expect(await deliveries.has('corp/2')).toBe(false);
  expect(await redis.client.pttl(keys.delivery('corp/1'))).toBeGreaterThan(7 * 86_400_000);
});

test('every key written here — by name — is in the table and lives as long as it says', async () => {
  await store.saveRun(sampleRun());
  await store.saveSubject(sampleSubjectRecord());
  await store.addHead(sampleSubject, sampleSha('a'));
  await createDeliveries(redis.client, keys).remember('corp/1');

  const names = await redis.client.keys('*');
  const rows = names.map((name) => rowOfKey('t', name));
  const types = await Promise.all(names.map((name) => redis.client.type(name)));
  const ages = await Promise.all(
    names.map(async (name, index) => (rows[index]?.ttlMs ?? 0) - (await redis.client.pttl(name))),
  );
  expect(names).toHaveLength(5);
  expect(rows.map((row) => row?.type)).toEqual(types);
  expect(ages.filter((age) => age < 0 || age > 10_000)).toEqual([]);
});
