import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Release } from '../../src/domain/release.ts';
import { StaleRecordError } from '../../src/errors.ts';
import type { ReleaseStore } from '../../src/ports/release-store.ts';
import { sampleLine, sampleRelease, sampleReleased, sampleReleaseLine } from '../support/sample-release.ts';

/** A store, a way to empty it, and a way to lose one release. */
export interface ReleaseStoreWorld {
  readonly store: ReleaseStore;
  empty(): Promise<void>;
  lose(releaseId: string): Promise<void>;
  close(): Promise<void>;
}

const other = { ...sampleLine, environment: 'staging' };
/** As a record is after it was text. */
const stored = (record: object): unknown => JSON.parse(JSON.stringify(record));

/** What everybody may expect of a ReleaseStore. */
export function releaseStoreContract(name: string, create: () => Promise<ReleaseStoreWorld>): void {
  describe(`ReleaseStore: ${name}`, () => {
    let world: ReleaseStoreWorld;
    let store: ReleaseStore;
    beforeAll(async () => {
      world = await create();
      store = world.store;
    });
    beforeEach(() => world.empty());
    afterAll(() => world.close());

    const began = (minute: number, fields: Partial<Release> = {}): Release =>
      sampleRelease({
        id: `r${minute}`,
        began: new Date(Date.UTC(2026, 4, 4, 10, minute)).toISOString(),
        ...fields,
      });
    const ids = async (list: ReturnType<ReleaseStore['list']>) => (await list).map(({ id }) => id);

    test('nothing — asked for — is undefined, and lists are empty', async () => {
      expect(await store.loadLine(sampleLine)).toBeUndefined();
      expect(await store.loadRelease('none')).toBeUndefined();
      expect(await store.lines()).toEqual([]);
      expect(await store.list({ limit: 10 })).toEqual([]);
      expect(await store.list({ line: sampleLine, limit: 10 })).toEqual([]);
    });

    test('a release — saved and loaded — is the same, its revision one higher each time', async () => {
      const first = await store.saveRelease(sampleReleased());
      expect(first).toEqual({ ...sampleReleased(), rev: 1 });
      const second = await store.saveRelease({ ...first, reason: 'again' });
      expect(second.rev).toBe(2);
      expect(stored((await store.loadRelease(first.id)) ?? {})).toEqual(stored(second));
    });

    test('a line — saved and loaded — is the same, and among the lines once', async () => {
      const saved = await store.saveLine(sampleReleaseLine());
      const held = await store.saveLine({
        ...saved,
        hold: { at: 'now', actor: 'ada', reason: 'why', remedy: '' },
      });
      await store.saveLine(sampleReleaseLine({ line: other }));
      expect(stored((await store.loadLine(sampleLine)) ?? {})).toEqual(stored(held));
      expect((await store.lines()).map(({ line }) => line)).toEqual([sampleLine, other]);
    });

    test('a release — written by somebody else meanwhile — is stale, and theirs stays', async () => {
      const loaded = await store.saveRelease(sampleRelease());
      await store.saveRelease({ ...loaded, reason: 'theirs' });
      await expect(store.saveRelease({ ...loaded, reason: 'ours' })).rejects.toThrow(StaleRecordError);
      expect(await store.loadRelease(loaded.id)).toMatchObject({ rev: 2, reason: 'theirs' });
    });

    test('a line — written by somebody else meanwhile — is stale, and theirs stays', async () => {
      const loaded = await store.saveLine(sampleReleaseLine());
      await store.saveLine({ ...loaded, branch: 'theirs' });
      await expect(store.saveLine({ ...loaded, branch: 'ours' })).rejects.toThrow(StaleRecordError);
      expect(await store.loadLine(sampleLine)).toMatchObject({ rev: 2, branch: 'theirs' });
    });

    test('a new record — where one is already — is stale', async () => {
      await store.saveRelease(sampleRelease());
      await store.saveLine(sampleReleaseLine());
      await expect(store.saveRelease(sampleRelease())).rejects.toThrow(StaleRecordError);
      await expect(store.saveLine(sampleReleaseLine())).rejects.toThrow(StaleRecordError);
    });

    test('a loaded record — after everything was lost — is stale', async () => {
      const release = await store.saveRelease(sampleRelease());
      const line = await store.saveLine(sampleReleaseLine());
      await world.empty();
      await expect(store.saveRelease(release)).rejects.toThrow(StaleRecordError);
      await expect(store.saveLine(line)).rejects.toThrow(StaleRecordError);
    });

    test('two writers, twenty times — of one line and one release — exactly one wins each time', async () => {
      let line = await store.saveLine(sampleReleaseLine());
      let release = await store.saveRelease(sampleRelease());
      for (let round = 0; round < 20; round += 1) {
        const [lines, releases] = await Promise.all([
          Promise.allSettled(['one', 'two'].map((branch) => store.saveLine({ ...line, branch }))),
          Promise.allSettled(['one', 'two'].map((reason) => store.saveRelease({ ...release, reason }))),
        ]);
        const wonLines = lines.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        const won = releases.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
        expect([wonLines.length, won.length]).toEqual([1, 1]);
        expect((await store.loadLine(sampleLine))?.branch).toBe(wonLines[0]?.branch);
        expect((await store.loadRelease(release.id))?.reason).toBe(won[0]?.reason);
        line = wonLines[0] ?? line;
        release = won[0] ?? release;
      }
    });

    test('lists — of all and of a line — newest first by their beginning, however often they were written', async () => {
      for (const minute of [2, 0, 3, 1]) await store.saveRelease(began(minute));
      await store.saveRelease(began(5, { line: other }));
      const first = await store.loadRelease('r0');
      if (first !== undefined) await store.saveRelease({ ...first, outcome: 'failed' });

      expect(await ids(store.list({ limit: 9 }))).toEqual(['r5', 'r3', 'r2', 'r1', 'r0']);
      expect(await ids(store.list({ line: sampleLine, limit: 9 }))).toEqual(['r3', 'r2', 'r1', 'r0']);
      expect(await ids(store.list({ line: other, limit: 9 }))).toEqual(['r5']);
      expect(await ids(store.list({ line: sampleLine, offset: 1, limit: 2 }))).toEqual(['r2', 'r1']);
      expect(await ids(store.list({ offset: 5, limit: 2 }))).toEqual([]);
      expect(await ids(store.list({ limit: 0 }))).toEqual([]);
    });

    test('a release that is gone — listed — is left out', async () => {
      for (const minute of [0, 1, 2]) await store.saveRelease(began(minute));
      await world.lose('r1');
      expect(await ids(store.list({ limit: 9 }))).toEqual(['r2', 'r0']);
      expect(await ids(store.list({ line: sampleLine, limit: 9 }))).toEqual(['r2', 'r0']);
    });
  });
}
