import { expect, test } from 'vitest';

import { createTrust, trustingStores } from '../../../src/adapters/object-store/trusting.ts';
import type { ObjectRef, ObjectState, ObjectStore, ObjectStores } from '../../../src/ports/object-store.ts';

const never = new AbortController().signal;
const present: ObjectState = { kind: 'present', size: 1, etag: undefined };
const missing: ObjectState = { kind: 'missing' };
const unknown: ObjectState = { kind: 'unknown', cause: 'unreachable', message: 'away' };

/** Stores whose objects are in a map, and what they were asked. */
function storesWith(states: Map<string, ObjectState>) {
  const asked: string[] = [];
  const store: ObjectStore = {
    url: 's3://b/p',
    stat(wanted: readonly ObjectRef[]) {
      asked.push(...wanted.map(({ key, version }) => (version === undefined ? key : `${key}@${version}`)));
      return Promise.resolve(wanted.map(({ key }) => states.get(key) ?? missing));
    },
    async *list() {},
    get: () => Promise.resolve({ kind: 'missing' }),
  };
  const stores: ObjectStores = { open: () => ({ kind: 'open', store }) };
  return { stores, asked };
}

function openTrusting(
  stores: ObjectStores,
  options: { maxEntries?: number; scope?: string; trust?: ReturnType<typeof createTrust> } = {},
) {
  const time = { ms: 0 };
  const clock = { now: () => new Date(time.ms) };
  const trust =
    options.trust ?? createTrust({ clock, maxEntries: options.maxEntries ?? 100, trustMs: 3_600_000 });
  const opened = trustingStores(stores, trust, options.scope ?? 'corp/1').open({
    name: 'r',
    url: 's3://b/p',
    settings: {},
  });
  if (opened.kind !== 'open') throw new Error(opened.message);
  return { store: opened.store, time, trust };
}

test('present — asked again within the hour — is not asked for; absent and unknown are', async () => {
  const { stores, asked } = storesWith(
    new Map<string, ObjectState>([
      ['there', present],
      ['away', unknown],
    ]),
  );
  const { store, time } = openTrusting(stores);
  const wanted = [{ key: 'absent' }, { key: 'there' }, { key: 'away' }];
  expect(await store.stat(wanted, never)).toEqual([missing, present, unknown]);
  time.ms = 3_599_999;
  expect(await store.stat(wanted, never)).toEqual([missing, present, unknown]);
  expect(asked).toEqual(['absent', 'there', 'away', 'absent', 'away']);
});

test('present — an hour later, however often it was asked for — is asked for again', async () => {
  const states = new Map([['there', present]]);
  const { stores } = storesWith(states);
  const { store, time } = openTrusting(stores);
  await store.stat([{ key: 'there' }], never);
  states.clear();
  time.ms = 1_800_000;
  expect(await store.stat([{ key: 'there' }], never)).toEqual([present]);
  time.ms = 3_600_000;
  expect(await store.stat([{ key: 'there' }], never)).toEqual([missing]);
});

test('another version and another repository — of a known object — are asked for', async () => {
  const { stores, asked } = storesWith(new Map([['there', present]]));
  const { store, trust } = openTrusting(stores);
  await store.stat([{ key: 'there' }], never);
  await store.stat([{ key: 'there', version: 'v1' }], never);
  await openTrusting(stores, { trust, scope: 'corp/2' }).store.stat([{ key: 'there' }], never);
  expect(asked).toEqual(['there', 'there@v1', 'there']);
});

test('more objects than are kept — the least recently used — are forgotten', async () => {
  const { stores, asked } = storesWith(
    new Map([
      ['a', present],
      ['b', present],
      ['c', present],
    ]),
  );
  const { store } = openTrusting(stores, { maxEntries: 2 });
  await store.stat([{ key: 'a' }, { key: 'b' }], never);
  await store.stat([{ key: 'a' }], never);
  await store.stat([{ key: 'c' }], never);
  asked.length = 0;
  await store.stat([{ key: 'a' }, { key: 'b' }, { key: 'c' }], never);
  expect(asked).toEqual(['b']);
});
