import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createAudit } from '../../../src/adapters/redis/audit.ts';
import { createFailures } from '../../../src/adapters/redis/failures.ts';
import { createKeys } from '../../../src/adapters/redis/keys.ts';
import { createPauseSwitch } from '../../../src/adapters/redis/pause.ts';
import { createHandClock } from '../../support/hand-clock.ts';
import { startRedis } from '../../support/redis.ts';
import type { TestRedis } from '../../support/redis.ts';

const keys = createKeys('t');
let redis: TestRedis;

beforeAll(async () => {
  redis = await startRedis();
});
beforeEach(() => redis.flush());
afterAll(() => redis.close());

function failure(number: number, reason = 'away') {
  const ids = { host: 'corp', repositoryId: '12', number };
  const payload = { v: 1, kind: 'gate-change', ids };
  const next = '2026-05-04T11:00:00.000Z';
  return { key: `gate-change/${number}`, queue: 'gate', payload, reason, attempts: 1, next, newer: false };
}

describe('failed jobs', () => {
  function create() {
    const clock = createHandClock();
    const redact = (text: string): string => text.replaceAll('s3cret', '***');
    return { clock, failures: createFailures(redis.client, keys, { clock, redact }) };
  }

  test('noted twice — listed once, since the first time, with the last reason, secrets taken out', async () => {
    const { clock, failures } = create();
    await failures.note(failure(7, 'first'));
    await clock.advance(60_000);
    await failures.note({ ...failure(7, `token s3cret refused ${'x'.repeat(2000)}`), attempts: 2 });
    const listed = await failures.list(10);
    expect(listed).toMatchObject([
      { since: '2026-05-04T10:00:00.000Z', last: '2026-05-04T10:01:00.000Z', attempts: 2 },
    ]);
    expect(listed[0]?.reason).toMatch(/^token \*\*\* refused x+$/);
    expect(listed[0]?.reason.length).toBe(500);
  });

  test('more than 500 — the newest are kept, in both keys', async () => {
    const { clock, failures } = create();
    for (let number = 0; number < 510; number += 1) {
      await failures.note(failure(number));
      await clock.advance(1);
    }
    expect(await failures.count()).toBe(500);
    expect(await redis.client.hlen(keys.failedJobs)).toBe(500);
    expect((await failures.list(1))[0]?.key).toBe('gate-change/509');
    expect(await failures.find('gate-change/9')).toBeUndefined();
    expect(await redis.client.pttl(keys.failedJobs)).toBeGreaterThan(0);
  });

  test('put off — keeps when it failed last; cleared — gone; put off then — stays gone', async () => {
    const { clock, failures } = create();
    await failures.note(failure(7));
    await clock.advance(1000);
    await failures.reschedule('gate-change/7', clock.now());
    expect(await failures.list(10)).toMatchObject([
      { last: '2026-05-04T10:00:00.000Z', next: '2026-05-04T10:00:01.000Z' },
    ]);
    await failures.clear('gate-change/7');
    await failures.reschedule('gate-change/7', clock.now());
    expect([await failures.list(10), await failures.count()]).toEqual([[], 0]);
  });

  test('a record that is not readable — listed — is left out', async () => {
    const { failures } = create();
    await failures.note(failure(7));
    await redis.client.hset(keys.failedJobs, 'gate-change/7', '{"v":9}');
    expect(await failures.list(10)).toEqual([]);
  });
});

describe('the pause', () => {
  const mine = { at: '2026-05-04T10:00:00.000Z', actor: 'ops', reason: 'moving' };

  test('set twice — the first one stays; cleared — was there, then not', async () => {
    const pause = createPauseSwitch(redis.client, keys);
    expect(await pause.current()).toBeUndefined();
    expect(await pause.set(mine)).toEqual(mine);
    expect(await pause.set({ ...mine, actor: 'another' })).toEqual(mine);
    expect(await pause.current()).toEqual(mine);
    expect(await redis.client.pttl(keys.pause)).toBe(-1);
    expect([await pause.clear(), await pause.clear()]).toEqual([true, false]);
  });

  test.each(['not JSON', '{}', '""'])('%s in its place — is a pause all the same', async (text) => {
    await redis.client.set(keys.pause, text);
    expect(await createPauseSwitch(redis.client, keys).current()).toMatchObject({ actor: 'somebody' });
  });
});

test('the audit — recorded — reads back newest first, cut where it is too long, and never expires', async () => {
  const audit = createAudit(redis.client, keys);
  const entry = {
    at: '2026-05-04T10:00:00.000Z',
    actor: 'ops',
    action: 'pause',
    subject: 'effects',
    reason: '',
  };
  await audit.record({ ...entry, reason: 'x'.repeat(5000) });
  await audit.record({ ...entry, action: 'resume' });
  const entries = await audit.last(10);
  expect(entries.map(({ action }) => action)).toEqual(['resume', 'pause']);
  expect(entries[0]).toEqual({ ...entry, action: 'resume' });
  expect(entries[1]?.reason.length).toBe(1000);
  expect(await audit.last(1)).toHaveLength(1);
  expect(await redis.client.pttl(keys.audit)).toBe(-1);
});
