import { createHash } from 'node:crypto';

import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import type { Digest } from '../../src/domain/model.ts';
import { AbortError } from '../../src/errors.ts';
import type { ModelStore } from '../../src/ports/model-store.ts';

/** A model store and what is behind it. Nothing is there at first. */
export interface ModelStoreWorld {
  readonly store: ModelStore;
  /** Where runs put their files: may be read. Ends in a slash. */
  readonly runs: string;
  /** The publication prefix. Ends in a slash. */
  readonly publish: string;
  /** An address that no store of the environment holds. */
  readonly elsewhere: string;
  /** Puts a file there without the store. */
  put(address: string, content: Buffer): Promise<void>;
  /** What is there, without the store. */
  get(address: string): Promise<Buffer | undefined>;
  /** How many files are on their way; undefined where nobody can tell. */
  incomplete(): Promise<number | undefined>;
  close(): Promise<void>;
}

/** What an implementation knows that others do not. */
export interface ModelStoreTraits {
  /** Bytes of the parts that it copies in. */
  readonly partBytes: number;
  /** Whether it can keep two writers at one moment apart. */
  readonly atomic: boolean;
  /** How many arbitrary files are copied. */
  readonly runs: number;
  /** Whether there is what it takes to run it; otherwise all tests are skipped. */
  readonly available?: boolean;
}

const never = new AbortController().signal;

/** The promises of ModelStore, kept by every implementation. */
export function describeModelStore(
  name: string,
  createWorld: () => Promise<ModelStoreWorld>,
  traits: ModelStoreTraits,
): void {
  const { partBytes } = traits;
  describe.runIf(traits.available ?? true)(`model store contract: ${name}`, () => {
    let world: ModelStoreWorld;
    let store: ModelStore;
    let made = 0;
    beforeAll(async () => {
      world = await createWorld();
      store = world.store;
    });
    afterAll(() => world.close());

    /** A source with this content and a free destination. */
    async function sourceOf(content: Buffer) {
      made += 1;
      const from = `${world.runs}run-${made}/model.bin`;
      await world.put(from, content);
      return { from, to: `${world.publish}copied/${made}/model.bin`, size: content.length };
    }

    async function expectNothingAt(address: string): Promise<void> {
      expect(await world.get(address)).toBeUndefined();
      expect([undefined, 0]).toContain(await world.incomplete());
    }

    test.each([
      ['nothing', 0],
      ['one byte', 1],
      ['a byte less than a part', partBytes - 1],
      ['a part', partBytes],
      ['a byte more than a part', partBytes + 1],
      ['two parts', 2 * partBytes],
      ['three parts and some', 3 * partBytes + 7],
    ])('copy — %s — arrives whole, proven by either digest', async (_name, size) => {
      for (const algorithm of ['md5', 'sha256'] as const) {
        const content = bytesOf(size, algorithm);
        const files = await sourceOf(content);
        const copied = await store.copy({ ...files, digest: digestOf(content, algorithm) }, never);
        expect(copied).toEqual({ size, sha256: digestOf(content, 'sha256').value });
        expect((await world.get(files.to))?.equals(content)).toBe(true);
        expect([undefined, 0]).toContain(await world.incomplete());
      }
    });

    test('copy — a second time — proves what is there, also when the source is gone', async () => {
      const content = bytesOf(partBytes + 5, 'twice');
      const copy = { ...(await sourceOf(content)), digest: digestOf(content) };
      const first = await store.copy(copy, never);
      expect(await store.copy(copy, never)).toEqual(first);
      expect(await store.copy({ ...copy, from: `${world.runs}gone`, size: undefined }, never)).toEqual(first);
    });

    test.each([
      ['of the same size', partBytes + 5],
      ['of another size', 12],
    ])('copy — another file %s is there — address-taken, and it is left as it is', async (_name, size) => {
      const content = bytesOf(partBytes + 5, 'mine');
      const copy = { ...(await sourceOf(content)), digest: digestOf(content) };
      const other = bytesOf(size, 'theirs');
      await world.put(copy.to, other);
      await expect(store.copy(copy, never)).rejects.toMatchObject({ code: 'address-taken' });
      expect((await world.get(copy.to))?.equals(other)).toBe(true);
    });

    test.each([
      ['a small file', 20],
      ['a file of several parts', 2 * partBytes + 1],
    ])(
      'copy — %s with another content than was said — digest-mismatch, and nothing is written',
      async (_name, size) => {
        const content = bytesOf(size, 'real');
        for (const said of [
          digestOf(bytesOf(size, 'said'), 'sha256'),
          digestOf(bytesOf(size, 'said'), 'md5'),
        ]) {
          const copy = { ...(await sourceOf(content)), digest: said };
          await expect(store.copy(copy, never)).rejects.toMatchObject({ code: 'digest-mismatch' });
          await expectNothingAt(copy.to);
        }
      },
    );

    test('copy — another size than was said — digest-mismatch, and nothing is written', async () => {
      const content = bytesOf(20, 'sized');
      const copy = { ...(await sourceOf(content)), digest: digestOf(content), size: 21 };
      await expect(store.copy(copy, never)).rejects.toMatchObject({
        code: 'digest-mismatch',
        message: expect.stringContaining('it has 20 bytes, not 21'),
      });
      await expectNothingAt(copy.to);
    });

    test('copy — nobody said the size — the digest is enough', async () => {
      const content = bytesOf(20, 'unsized');
      const copy = { ...(await sourceOf(content)), digest: digestOf(content), size: undefined };
      expect(await store.copy(copy, never)).toMatchObject({ size: 20 });
    });

    test('copy — nothing is there — model-missing with the address', async () => {
      const copy = {
        from: `${world.runs}none`,
        to: `${world.publish}none`,
        size: 1,
        digest: digestOf(bytesOf(1, '')),
      };
      await expect(store.copy(copy, never)).rejects.toMatchObject({
        code: 'model-missing',
        message: expect.stringContaining(copy.from),
      });
      await expectNothingAt(copy.to);
    });

    test('copy — two at once to one address — both succeed, and the file is whole', async () => {
      const content = bytesOf(2 * partBytes + 9, 'both');
      const copy = { ...(await sourceOf(content)), digest: digestOf(content) };
      const both = await Promise.all([store.copy(copy, never), store.copy(copy, never)]);
      expect(both[0]).toEqual(both[1]);
      expect((await world.get(copy.to))?.equals(content)).toBe(true);
      expect([undefined, 0]).toContain(await world.incomplete());
    });

    test('copy — from and to the publication prefix — is a copy like any other', async () => {
      const content = bytesOf(30, 'again');
      const copy = { ...(await sourceOf(content)), digest: digestOf(content) };
      await store.copy(copy, never);
      const next = { ...copy, from: copy.to, to: `${copy.to}.second` };
      expect(await store.copy(next, never)).toMatchObject({ size: 30 });
    });

    test('copy — arbitrary contents — arrive whole', async () => {
      const sized = fc.integer({ min: 0, max: 3 * partBytes + 3 });
      await fc.assert(
        fc.asyncProperty(
          sized,
          fc.string(),
          fc.constantFrom('md5', 'sha256'),
          async (size, seed, algorithm) => {
            const content = bytesOf(size, seed);
            const files = await sourceOf(content);
            await store.copy({ ...files, digest: digestOf(content, algorithm) }, never);
            expect((await world.get(files.to))?.equals(content)).toBe(true);
          },
        ),
        { numRuns: traits.runs },
      );
    });

    test('write — where nothing is — is read again; the same once more is no trouble', async () => {
      const address = `${world.publish}written/manifest.json`;
      await store.write(address, Buffer.from('{"a":1}'), never);
      await store.write(address, Buffer.from('{"a":1}'), never);
      expect(String(await store.read(address, 100, never))).toBe('{"a":1}');
    });

    test('write — an empty file — is there', async () => {
      const address = `${world.publish}written/empty`;
      await store.write(address, Buffer.alloc(0), never);
      expect(await store.stat(address, never)).toEqual({ kind: 'present', size: 0 });
    });

    test.each(['{"a":2}', '{"a":10}'])(
      'write — %s where something else is — address-taken, and it stays',
      async (text) => {
        const address = `${world.publish}taken/manifest.json`;
        await store.write(address, Buffer.from('{"a":1}'), never);
        await expect(store.write(address, Buffer.from(text), never)).rejects.toMatchObject({
          code: 'address-taken',
        });
        expect(String(await world.get(address))).toBe('{"a":1}');
      },
    );

    test.runIf(traits.atomic)(
      'write — two at once with different contents — one of them is told that it was late',
      async () => {
        for (let round = 0; round < 5; round += 1) {
          const address = `${world.publish}race/${round}`;
          const ends = await Promise.allSettled(
            ['one', 'two'].map((text) => store.write(address, Buffer.from(text), never)),
          );
          const won = ends.findIndex((end) => end.status === 'fulfilled');
          expect(ends[1 - won]).toMatchObject({ status: 'rejected', reason: { code: 'address-taken' } });
          expect(String(await world.get(address))).toBe(won === 0 ? 'one' : 'two');
        }
      },
    );

    test.each([
      ['where runs put their files', () => `${world.runs}written`],
      ['beside the publication prefix', () => `${world.publish.slice(0, -1)}-other/x`],
      ['the publication prefix itself', () => world.publish],
      ['a folder below it', () => `${world.publish}folder/`],
      ['a way out of it', () => `${world.publish}../out`],
      ['elsewhere', () => world.elsewhere],
    ])('write and copy — %s — address-not-bound, and nothing is written', async (_name, addressOf) => {
      const address = addressOf();
      const content = bytesOf(3, 'out');
      const { from, size } = await sourceOf(content);
      const refusal = { code: 'address-not-bound', remedy: expect.any(String) };
      await expect(store.write(address, content, never)).rejects.toMatchObject(refusal);
      await expect(
        store.copy({ from, to: address, size, digest: digestOf(content) }, never),
      ).rejects.toMatchObject(refusal);
    });

    test('reading elsewhere — address-not-bound', async () => {
      const refusal = { code: 'address-not-bound' };
      const to = `${world.publish}from-elsewhere`;
      const copy = { from: world.elsewhere, to, size: 1, digest: digestOf(bytesOf(1, '')) };
      await expect(store.stat(world.elsewhere, never)).rejects.toMatchObject(refusal);
      await expect(store.read(world.elsewhere, 10, never)).rejects.toMatchObject(refusal);
      await expect(store.list(`${world.elsewhere}/`, 10, never)).rejects.toMatchObject(refusal);
      await expect(store.copy(copy, never)).rejects.toMatchObject(refusal);
    });

    test('stat — a file, no file, a folder', async () => {
      await world.put(`${world.runs}stat/model.pkl`, Buffer.from('12345'));
      expect(await store.stat(`${world.runs}stat/model.pkl`, never)).toEqual({ kind: 'present', size: 5 });
      expect(await store.stat(`${world.runs}stat/model`, never)).toEqual({ kind: 'missing' });
      expect(await store.stat(`${world.runs}stat`, never)).toEqual({ kind: 'missing' });
    });

    test('read — exactly as much as may be, more, and nothing', async () => {
      const address = `${world.runs}read/manifest.json`;
      await world.put(address, Buffer.from('0123456789'));
      expect(String(await store.read(address, 10, never))).toBe('0123456789');
      await expect(store.read(address, 9, never)).rejects.toMatchObject({ code: 'file-too-large' });
      expect(await store.read(`${address}.none`, 10, never)).toBeUndefined();
    });

    test('list — names below the prefix — relative, in byte order, no siblings, at most so many', async () => {
      for (const name of ['v1/b', 'v1/a/x', 'v1/a-x', 'v1/\uff5e', 'v1/😀', 'v10/c', 'v1.txt'])
        await world.put(`${world.runs}list/${name}`, Buffer.from(name));
      const all = ['a-x', 'a/x', 'b', '\uff5e', '😀'];
      expect(await store.list(`${world.runs}list/v1/`, 100, never)).toEqual(all);
      expect(await store.list(`${world.runs}list/v1/`, 5, never)).toEqual(all);
      expect(await store.list(`${world.runs}list/v1/`, 2, never)).toEqual(all.slice(0, 2));
      expect(await store.list(`${world.runs}list/none/`, 5, never)).toEqual([]);
      await expect(store.list(`${world.runs}list/v1`, 5, never)).rejects.toMatchObject({
        code: 'address-not-bound',
      });
    });

    test('abort — every method — throws the reason, and nothing is written', async () => {
      const content = bytesOf(2 * partBytes, 'late');
      const { from, to, size } = await sourceOf(content);
      const reason = new AbortError('deadline');
      const aborted = AbortSignal.abort(reason);
      await expect(store.stat(from, aborted)).rejects.toBe(reason);
      await expect(store.read(from, 10, aborted)).rejects.toBe(reason);
      await expect(store.list(world.runs, 10, aborted)).rejects.toBe(reason);
      await expect(store.write(to, content, aborted)).rejects.toBe(reason);
      await expect(store.copy({ from, to, size, digest: digestOf(content) }, aborted)).rejects.toBe(reason);
      await expectNothingAt(to);
    });
  });
}

/** Bytes that look arbitrary and are always the same ones. */
export function bytesOf(size: number, seed: string): Buffer {
  const block = createHash('sha512').update(seed).digest();
  const bytes = Buffer.alloc(size, block);
  for (let at = 0; at + 4 <= size; at += 1021) bytes.writeUInt32LE(at, at);
  return bytes;
}

/** The digest of some bytes. */
export function digestOf(content: Buffer, algorithm: Digest['algorithm'] = 'sha256'): Digest {
  return { algorithm, value: createHash(algorithm).update(content).digest('hex') };
}
