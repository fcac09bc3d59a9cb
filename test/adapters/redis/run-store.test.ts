import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDeliveries } from '../../../src/adapters/redis/deliveries.ts';
import { createKeys, keyTable, rowOfKey } from '../../../src/adapters/redis/keys.ts';
import { createRunLists } from '../../../src/adapters/redis/run-lists.ts';
import { createRunStore } from '../../../src/adapters/redis/run-store.ts';
import { RetryableError, StaleRecordError } from '../../../src/errors.ts';
import { newSubjectRecord, type SubjectRecord } from '../../../src/domain/run.ts';
import { summaryOf } from '../../../src/domain/run-summary.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { RunLists } from '../../../src/ports/run-lists.ts';
import type { RunStore } from '../../../src/ports/run-store.ts';
import { createClock } from '../../../src/adapters/system/clock.ts';
import { startRedis } from '../../support/redis.ts';
import type { TestRedis } from '../../support/redis.ts';
import {
  sampleFinding,
  sampleJudgement,
  sampleRun,
  sampleSha,
  sampleSubject,
} from '../../support/sample-run.ts';

const keys = createKeys('t');
let redis: TestRedis;
let store: RunStore;
let lists: RunLists;
let now = new Date('2026-05-04T10:00:00Z');
const clock: Clock = { ...createClock(), now: () => now };

beforeAll(async () => {
  redis = await startRedis();
  store = createRunStore(redis.client, keys, clock);
  lists = createRunLists(redis.client, keys);
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

    expect((await lists.recent(0, 2)).map((run) => run.id)).toEqual(['three', 'two']);
    expect((await lists.recent(0, 9)).map((run) => run.id)).toEqual(['three', 'two', 'one']);
    expect(await lists.recent(0, 0)).toEqual([]);
  });

  test('recent runs — read from an offset — go on there, and end', async () => {
    for (let index = 0; index < 5; index += 1) {
      now = new Date(Date.UTC(2026, 4, 4, 10, index));
      await store.saveRun(sampleRun({ id: `run${index}` }));
    }
    expect((await lists.recent(2, 2)).map((run) => run.id)).toEqual(['run2', 'run1']);
    expect(await lists.recent(5, 2)).toEqual([]);
  });

  test('recent runs — one record expired — lists the others', async () => {
    await store.saveRun(sampleRun({ id: 'one' }));
    await store.saveRun(sampleRun({ id: 'two' }));
    await redis.client.del(keys.run('one'), keys.summary('one'));
    expect((await lists.recent(0, 9)).map((run) => run.id)).toEqual(['two']);
  });

  test('a summary — saved with its run — is that of the saved run, and small whatever was found', async () => {
    const [check] = sampleJudgement().checks;
    const findings = Array.from({ length: 500 }, () => sampleFinding());
    const judgement = sampleJudgement({ checks: [{ ...check!, findings }] });
    const first = await store.saveRun(sampleRun());
    const saved = await store.saveRun({ ...first, state: 'judged', judgement });

    expect(await lists.summary(saved.id)).toEqual(JSON.parse(JSON.stringify(summaryOf(saved))));
    expect((await redis.client.strlen(keys.summary(saved.id))) < 1500).toBe(true);
    expect(await lists.summary(saved.id)).toMatchObject({
      rev: 2,
      verdict: 'failed',
      findings: { error: 500 },
    });
  });

  test('a stale write — of a run — changes neither its summary nor an index', async () => {
    const first = await store.saveRun(sampleRun());
    await store.saveRun({ ...first, state: 'judged' });
    await expect(store.saveRun({ ...first, state: 'cancelled' })).rejects.toThrow(StaleRecordError);
    expect((await lists.summary(first.id))?.state).toBe('judged');
  });

  test('runs of before summaries — listed — are read from their records', async () => {
    const saved = await store.saveRun(sampleRun({ judgement: sampleJudgement() }));
    await redis.client.del(keys.summary(saved.id));
    expect(await lists.recent(0, 9)).toEqual([summaryOf(JSON.parse(JSON.stringify(saved)))]);
    expect(await lists.summary(saved.id)).toMatchObject({ id: saved.id, findings: { error: 1 } });
  });

  test('runs of a change — of two — are its own, newest first, a hundred at most', async () => {
    const other = { ...sampleSubject, number: 8 };
    await store.saveRun(sampleRun({ id: 'other', subject: other }));
    await redis.client.zadd(
      keys.subjectRuns(sampleSubject),
      ...Array.from({ length: 100 }, (_, i) => [now.getTime() - i - 1, `old${i}`]).flat(),
    );
    await store.saveRun(sampleRun({ id: 'new' }));

    expect((await lists.ofSubject(other, 9)).map((run) => run.id)).toEqual(['other']);
    expect((await lists.ofSubject(sampleSubject, 9)).map((run) => run.id)).toEqual(['new']);
    expect(await redis.client.zcard(keys.subjectRuns(sampleSubject))).toBe(100);
  });

  test('an older run that is the newest of its change again — listed — comes first', async () => {
    const newest = async (id: string, minute: number): Promise<void> => {
      now = new Date(Date.UTC(2026, 4, 4, 10, minute));
      await store.updateSubject(sampleSubject, (record) => ({ ...record, runId: id }));
    };
    for (const [index, id] of ['one', 'two'].entries()) {
      await store.saveRun(sampleRun({ id }));
      await newest(id, index);
    }
    await newest('one', 5);
    await store.updateSubject(sampleSubject, (record) => ({ ...record, fresh: 1 }));

    const ids = async (list: ReturnType<RunLists['recent']>) => (await list).map((run) => run.id);
    expect(await ids(lists.recent(0, 9))).toEqual(['one', 'two']);
    expect(await ids(lists.ofSubject(sampleSubject, 9))).toEqual(['one', 'two']);
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
  const raise = (record: SubjectRecord): SubjectRecord => ({ ...record, generation: record.generation + 1 });

  test('a record — updated twice — begins, and rises', async () => {
    const first = await store.updateSubject(sampleSubject, raise);
    const second = await store.updateSubject(sampleSubject, raise);

    expect(first).toEqual({ ...newSubjectRecord(sampleSubject), rev: 1, generation: 1 });
    expect(second).toMatchObject({ rev: 2, generation: 2 });
    expect(await store.loadSubject(sampleSubject)).toEqual(JSON.parse(JSON.stringify(second)));
  });

  test('twenty updates at once — every one counts', async () => {
    const updated = await Promise.all(
      Array.from({ length: 20 }, () => store.updateSubject(sampleSubject, raise)),
    );
    expect(new Set(updated.map(({ rev }) => rev)).size).toBe(20);
    expect(await store.loadSubject(sampleSubject)).toMatchObject({ rev: 20, generation: 20 });
  });

  test('somebody else who writes each time in between — stale after ten tries, and nothing is overwritten', async () => {
    let tries = 0;
    const key = keys.subject(sampleSubject);
    const raced = createRunStore(redis.client, keys, { ...clock, sleep: async () => undefined });
    const inBetween = async (record: SubjectRecord): Promise<void> => {
      await redis.client.set(key, JSON.stringify({ ...record, rev: record.rev + 1, fresh: 7 }));
    };
    const racing = raced.updateSubject(sampleSubject, (record) => {
      tries += 1;
      void inBetween(record);
      return raise(record);
    });
    await expect(racing).rejects.toThrow(StaleRecordError);
    expect(tries).toBe(10);
    expect(await store.loadSubject(sampleSubject)).toMatchObject({ fresh: 7, generation: 0 });
  });

  test('another number — loaded — is undefined', async () => {
    await store.updateSubject(sampleSubject, raise);
    expect(await store.loadSubject({ ...sampleSubject, number: 8 })).toBeUndefined();
  });
});

test('every key written here — by name — is in the table and lives as long as it says', async () => {
  await store.saveRun(sampleRun());
  await store.updateSubject(sampleSubject, (record) => record);
  await createDeliveries(redis.client, keys, clock).keep('corp/1', {
    subject: sampleSubject,
    head: sampleSha('a'),
  });

  const names = await redis.client.keys('*');
  const rows = names.map((name) => rowOfKey('t', name));
  const types = await Promise.all(names.map((name) => redis.client.type(name)));
  const ages = await Promise.all(
    names.map(async (name, index) => (rows[index]?.ttlMs ?? 0) - (await redis.client.pttl(name))),
  );
  expect(names).toHaveLength(7);
  expect(rows.map((row) => row?.type)).toEqual(types);
  expect(ages.filter((age) => age < 0 || age > 10_000)).toEqual([]);
});
