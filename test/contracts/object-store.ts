import { createHash } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { AbortError } from '../../src/errors.ts';
import type { ListedObject, ObjectStore, StoreTrouble } from '../../src/ports/object-store.ts';

/** An empty remote and a way to fill it. */
export interface ObjectStoreWorld {
  readonly store: ObjectStore;
  put(key: string, content: string): Promise<void>;
  close(): Promise<void>;
}

/** What an implementation knows that others do not. */
export interface ObjectStoreTraits {
  /** Whether etags are the md5 of what was put; otherwise there are none. */
  readonly etags: boolean;
}

/** What people and tools put into names. */
const oddKeys = [
  'odd/ blank first',
  'odd/"double" and \'single\'',
  'odd/#fragment',
  'odd/%41 is not A',
  'odd/&amp;<tag>',
  'odd/a+b',
  'odd/a/deep/b',
  'odd/back\\slash',
  'odd/line\nbreak',
  'odd/q?versionId=1&x',
  'odd/~tilde*!()',
  'odd/ä is one letter',
  'odd/日本語/データ.csv',
  'odd/\uff5e before emoji',
  'odd/😀 after U+FF5E',
];

const never = new AbortController().signal;

/** The promises of ObjectStore, kept by every implementation. */
export function describeObjectStore(
  name: string,
  createWorld: () => Promise<ObjectStoreWorld>,
  traits: ObjectStoreTraits,
): void {
  describe(`object store contract: ${name}`, () => {
    let world: ObjectStoreWorld;
    const etagOf = traits.etags ? md5 : () => undefined;

    beforeAll(async () => {
      world = await createWorld();
      for (const key of oddKeys) await world.put(key, `content of ${key}`);
      for (let number = 0; number < 2500; number += 1)
        await world.put(manyKey(number), 'x'.repeat(number % 7));
      await world.put('files/md5/aa/one', 'one');
      await world.put('files/md5/aa/one.dir', '[]');
      await world.put('files/md5/aa0', 'beside the folder');
      await world.put('empty', '');
    });
    afterAll(() => world.close());

    test('stat — a present object — has its size and etag', async () => {
      const [state] = await world.store.stat([{ key: 'files/md5/aa/one' }], never);
      expect(state).toEqual({ kind: 'present', size: 3, etag: etagOf('one') });
    });

    test('stat — an empty object — is present', async () => {
      expect(await world.store.stat([{ key: 'empty' }], never)).toEqual([
        { kind: 'present', size: 0, etag: etagOf('') },
      ]);
    });

    test.each(['nothing', 'files/md5/aa', 'files/md5/aa/one/below', 'files', 'Empty'])(
      'stat — no object at %s — is missing',
      async (key) => {
        expect(await world.store.stat([{ key }], never)).toEqual([{ kind: 'missing' }]);
      },
    );

    test('stat — many objects — are answered in the order asked', async () => {
      const numbers = Array.from({ length: 300 }, (_, index) => (index * 7919) % 3000);
      const states = await world.store.stat(
        numbers.map((number) => ({ key: manyKey(number) })),
        never,
      );
      expect(states.map((state) => (state.kind === 'present' ? state.size : state.kind))).toEqual(
        numbers.map((number) => (number < 2500 ? number % 7 : 'missing')),
      );
    });

    test('stat — nothing asked — answers nothing', async () => {
      expect(await world.store.stat([], never)).toEqual([]);
    });

    test.each(oddKeys)('odd key %j — stat and get — find it', async (key) => {
      const text = `content of ${key}`;
      expect(await world.store.stat([{ key }], never)).toEqual([
        { kind: 'present', size: Buffer.byteLength(text), etag: etagOf(text) },
      ]);
      expect(await world.store.get({ key }, 1000, never)).toEqual({
        kind: 'content',
        bytes: Buffer.from(text),
      });
    });

    test.each([
      '',
      '/empty',
      '../empty',
      'files/../empty',
      './empty',
      'files/.',
      'a\0b',
      'half \ud800',
      'x'.repeat(1025),
    ])('key %j — could leave the remote or names nothing — is refused, not missing', async (key) => {
      const [state] = await world.store.stat([{ key }], never);
      expect(state).toMatchObject({ kind: 'unknown', cause: 'unsupported' });
      expect(await world.store.get({ key }, 1000, never)).toMatchObject({
        kind: 'unknown',
        cause: 'unsupported',
      });
    });

    test('list — everything — comes in byte order, in pages', async () => {
      const { pages, objects } = await listAll(world.store, '');
      const keys = objects.map((object) => object.key);
      expect(keys).toHaveLength(oddKeys.length + 2504);
      expect(keys).toEqual(keys.toSorted(compareAsBuffers));
      expect(pages).toBeGreaterThanOrEqual(3);
    });

    test('list — a prefix in the middle of a name — is a prefix of keys, not a folder', async () => {
      const { objects } = await listAll(world.store, 'files/md5/aa');
      expect(objects).toEqual([
        { key: 'files/md5/aa/one', size: 3, etag: etagOf('one') },
        { key: 'files/md5/aa/one.dir', size: 2, etag: etagOf('[]') },
        { key: 'files/md5/aa0', size: 17, etag: etagOf('beside the folder') },
      ]);
    });

    test('list — odd keys — are whole and in byte order', async () => {
      const { objects } = await listAll(world.store, 'odd/');
      expect(objects.map((object) => object.key)).toEqual(oddKeys.toSorted(compareAsBuffers));
    });

    test.each([
      ['an existing key', 'files/md5/aa/one', ['files/md5/aa/one.dir', 'files/md5/aa0']],
      ['between two keys', 'files/md5/aa/one.', ['files/md5/aa/one.dir', 'files/md5/aa0']],
      ['the last key', 'files/md5/aa0', []],
      ['before all', 'a', ['files/md5/aa/one', 'files/md5/aa/one.dir', 'files/md5/aa0']],
    ])('list — after %s — goes on behind it', async (_name, after, keys) => {
      const { objects } = await listAll(world.store, 'files/', after);
      expect(objects.map((object) => object.key)).toEqual(keys);
    });

    test('list — no such prefix — is empty', async () => {
      expect((await listAll(world.store, 'zzz/')).objects).toEqual([]);
    });

    test('get — a missing object — is missing', async () => {
      expect(await world.store.get({ key: 'nothing' }, 10, never)).toEqual({ kind: 'missing' });
    });

    test('get — exactly as many bytes as allowed — are given; one more is too large', async () => {
      await world.put('hundred', 'h'.repeat(100));
      expect(await world.store.get({ key: 'hundred' }, 100, never)).toMatchObject({ kind: 'content' });
      expect(await world.store.get({ key: 'hundred' }, 99, never)).toEqual({ kind: 'too-large', size: 100 });
    });

    test('abort — every method — throws the reason', async () => {
      const reason = new AbortError('superseded');
      const aborted = AbortSignal.abort(reason);
      await expect(world.store.stat([{ key: 'empty' }], aborted)).rejects.toBe(reason);
      await expect(world.store.get({ key: 'empty' }, 10, aborted)).rejects.toBe(reason);
      await expect(drain(world.store.list('', undefined, aborted))).rejects.toBe(reason);
    });

    test('abort — in the middle of a long stat — throws the reason', async () => {
      const controller = new AbortController();
      const reason = new AbortError('deadline');
      const asked = Array.from({ length: 20_000 }, (_, number) => ({ key: manyKey(number) }));
      const running = world.store.stat(asked, controller.signal);
      setTimeout(() => controller.abort(reason), 5);
      await expect(running).rejects.toBe(reason);
    });
  });
}

function md5(content: string): string {
  return createHash('md5').update(content).digest('hex');
}

function manyKey(number: number): string {
  return `many/${String(number % 16).padStart(2, '0')}/${String(number).padStart(5, '0')}`;
}

/** Every object of a listing; trouble is an error here. */
export async function listAll(
  store: ObjectStore,
  prefix: string,
  after?: string,
): Promise<{ pages: number; objects: readonly ListedObject[] }> {
  const steps = await drain(store.list(prefix, after, never));
  const objects = steps.flatMap((step) => {
    if (step.kind === 'page') return step.objects;
    throw new Error(`the listing ended with trouble: ${step.message}`);
  });
  return { pages: steps.length, objects };
}

type ListStep = { readonly kind: 'page'; readonly objects: readonly ListedObject[] } | StoreTrouble;

/** All that a listing yields. */
export async function drain(list: AsyncIterable<ListStep>): Promise<readonly ListStep[]> {
  const steps: ListStep[] = [];
  for await (const step of list) steps.push(step);
  return steps;
}

function compareAsBuffers(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
