import { describe, expect, test } from 'vitest';

import { copyFile } from '../../../../src/adapters/object-store/models/copy-file.ts';
import type { Depot, FileParts, Upload } from '../../../../src/adapters/object-store/models/depot.ts';
import { createLocalStore } from '../../../../src/adapters/object-store/local.ts';
import { RetryableError } from '../../../../src/errors.ts';
import { digestOf } from '../../../contracts/model-store.ts';

const never = new AbortController().signal;
const content = Buffer.from('aabbccdd');
const wanted = { from: 's3://runs/m', to: 's3://models/m', size: content.length, digest: digestOf(content) };

/** A depot that does one thing as it is told, and nothing else. */
function depot(part: Partial<Pick<Depot, 'open' | 'upload'>>): Depot {
  return {
    url: 's3://any',
    store: createLocalStore({ directory: '/nowhere' }),
    open: () => Promise.resolve(undefined),
    upload: () => Promise.reject(new Error('nothing was to be written')),
    ...part,
  };
}

/** A file in parts of two bytes that says which of them was read; breaks off before a part where asked to. */
function inPairs(read: (at: number) => void, breaksAt = Number.POSITIVE_INFINITY): FileParts {
  async function* parts(): AsyncGenerator<Buffer> {
    for (let at = 0; at < content.length; at += 2) {
      if (at >= breaksAt) throw new RetryableError('the source broke off');
      read(at);
      yield content.subarray(at, at + 2);
    }
  }
  return { size: content.length, parts: parts() };
}

function spots(from: Depot, to: Depot) {
  return {
    from: { address: wanted.from, depot: from, key: 'm' },
    to: { address: wanted.to, depot: to, key: 'm' },
  };
}

describe('copying', () => {
  test('a destination that takes its time — the source is read one part ahead, no further', async () => {
    const read: number[] = [];
    const taken: (() => void)[] = [];
    const held: number[] = [];
    const upload: Upload = {
      add: () => new Promise((resolve) => taken.push(resolve)),
      publish: () => Promise.resolve('written'),
      discard: () => Promise.resolve(),
    };
    const source = depot({ open: () => Promise.resolve(inPairs((at) => read.push(at))) });
    const target = depot({ upload: () => Promise.resolve(upload) });
    const copying = copyFile(spots(source, target), wanted, (bytes) => held.push(bytes), never);
    for (let part = 0; part < 4; part += 1) {
      await expect.poll(() => taken.length).toBe(part + 1);
      // The other turns of the loop have had their time: nothing more is read while the part is under way.
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
      expect(read).toEqual([0, 2, 4, 6].slice(0, part + 2));
      taken[part]?.();
    }
    expect(await copying).toMatchObject({ size: 8 });
    expect(held).toEqual([2, 2, 2, 2]);
  });

  test('the source breaks off while a part is sent — it is taken back once the part has ended', async () => {
    const events: string[] = [];
    const upload: Upload = {
      async add() {
        await new Promise(setImmediate);
        events.push('sent');
      },
      publish: () => Promise.resolve('written'),
      discard: () => Promise.resolve(void events.push('discarded')),
    };
    const source = depot({ open: () => Promise.resolve(inPairs(() => undefined, 2)) });
    const target = depot({ upload: () => Promise.resolve(upload) });
    await expect(copyFile(spots(source, target), wanted, () => undefined, never)).rejects.toThrow(
      'broke off',
    );
    expect(events).toEqual(['sent', 'discarded']);
  });

  test('the address was taken and is free again — RetryableError', async () => {
    const upload: Upload = {
      add: () => Promise.resolve(),
      publish: () => Promise.resolve('taken'),
      discard: () => Promise.resolve(),
    };
    const source = depot({ open: () => Promise.resolve(inPairs(() => undefined)) });
    const target = depot({ upload: () => Promise.resolve(upload) });
    await expect(copyFile(spots(source, target), wanted, () => undefined, never)).rejects.toBeInstanceOf(
      RetryableError,
    );
  });
});
