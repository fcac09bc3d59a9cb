import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createKeys, keyTable, rowOfKey } from '../../../src/adapters/redis/keys.ts';
import { createReleaseStore } from '../../../src/adapters/redis/release-store.ts';
import { RetryableError } from '../../../src/errors.ts';
import { releaseStoreContract } from '../../contracts/release-store.ts';
import { createMemoryReleases } from '../../support/memory-releases.ts';
import { startRedis, type TestRedis } from '../../support/redis.ts';
import { sampleLine, sampleRelease, sampleReleaseLine } from '../../support/sample-release.ts';

const keys = createKeys('t');

releaseStoreContract('redis', async () => {
  const redis = await startRedis();
  return {
    store: createReleaseStore(redis.client, keys),
    empty: () => redis.flush(),
    lose: async (id) => void (await redis.client.del(keys.release(id))),
    close: () => redis.close(),
  };
});

releaseStoreContract('memory, the stand-in of tests', async () => {
  const store = createMemoryReleases();
  return {
    store,
    empty: async () => [store.releases, store.byLine].forEach((map) => map.clear()),
    lose: async (id) => void store.releases.delete(id),
    close: async () => undefined,
  };
});

describe('releases in Redis', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  beforeEach(() => redis.flush());
  afterAll(() => redis.close());
  const store = () => createReleaseStore(redis.client, keys);
  const began = new Date(sampleRelease().began).getTime();

  test('every key — by name — is in the table, and lives as long as it says; lines without end', async () => {
    await store().saveRelease(sampleRelease());
    await store().saveLine(sampleReleaseLine());
    const names = (await redis.client.keys('*')).toSorted();
    const rows = names.map((name) => rowOfKey('t', name));
    expect(rows).toEqual([
      keyTable.line,
      keyTable.lines,
      keyTable.release,
      keyTable.releases,
      keyTable.lineReleases,
    ]);
    expect(await Promise.all(names.map((name) => redis.client.type(name)))).toEqual(
      rows.map((row) => row?.type),
    );
    const left = await Promise.all(names.map((name) => redis.client.pttl(name)));
    expect(left.slice(0, 2)).toEqual([-1, -1]);
    expect(left.slice(2).every((ms) => keyTable.release.ttlMs - ms < 10_000)).toBe(true);
  });

  test.each([
    ['all', keys.releases, 1000],
    ['a line', keys.lineReleases(sampleLine), 200],
  ])('the list of %s — full — forgets the oldest', async (_what, key, most) => {
    const old = Array.from({ length: most }, (_, index) => [began - index - 1, `old${index}`]).flat();
    await redis.client.zadd(key, ...old);
    await store().saveRelease(sampleRelease({ id: 'new' }));
    expect(await redis.client.zcard(key)).toBe(most);
    expect(await redis.client.zrange(key, 0, '0', 'REV')).toEqual(['new']);
    expect(await redis.client.zscore(key, `old${most - 1}`)).toBeNull();
  });

  test('a line and a release of a newer version — loaded — are left to a newer process', async () => {
    await redis.client.set(keys.release('x'), '{"v":2,"rev":1,"id":"x"}');
    await redis.client.set(keys.line(sampleLine), '{"v":2,"rev":1}');
    await expect(store().loadRelease('x')).rejects.toThrow(RetryableError);
    await expect(store().loadLine(sampleLine)).rejects.toThrow(RetryableError);
  });

  test.each(['not json', '{"v":1,"rev":1}', 'null'])('%s — loaded — names the key', async (text) => {
    await redis.client.set(keys.release('x'), text);
    await expect(store().loadRelease('x')).rejects.toMatchObject({
      code: 'record-broken',
      message: expect.stringContaining('t:release:x'),
    });
  });
});
