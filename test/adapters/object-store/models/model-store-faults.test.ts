import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { AbortError, RetryableError } from '../../../../src/errors.ts';
import type { Copy, ModelStore } from '../../../../src/ports/model-store.ts';
import type { S3Fault } from '../../../../src/sandbox/s3/sandbox.ts';
import type { S3BucketConfig } from '../../../../src/sandbox/s3/store.ts';
import { bytesOf, digestOf } from '../../../contracts/model-store.ts';
import { bucket, createModelWorld, partBytes } from './model-world.ts';
import type { ModelWorld } from './model-world.ts';

const never = new AbortController().signal;
const stores: readonly (readonly [string, NonNullable<S3BucketConfig['conditionalWrites']>, number])[] = (
  ['supported', 'refused', 'ignored'] as const
).flatMap((conditionalWrites) => [
  [`a small file, conditions ${conditionalWrites}`, conditionalWrites, 20] as const,
  [`four parts, conditions ${conditionalWrites}`, conditionalWrites, 3 * partBytes + 5] as const,
]);

const passing: readonly S3Fault[] = [
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'drop' },
  { kind: 'lost' },
  { kind: 'lost', status: 502 },
];

/** What can happen to a request; only an answer with a body can break off in its middle. */
function faultsOf(request: string): readonly S3Fault[] {
  return request.startsWith('PUT') ? passing : [...passing, { kind: 'truncate' }];
}

describe.each(stores)('%s', (_name, conditionalWrites, size) => {
  let world: ModelWorld;
  let store: ModelStore;
  let made = 0;
  beforeEach(async () => {
    world = await createModelWorld({ runs: bucket(), models: bucket({ conditionalWrites }) });
    const places = [world.place('s3://runs/'), world.place('s3://models/')];
    store = world.open(places, 's3://models/serving/');
  });
  afterEach(() => world.close());

  const content = bytesOf(size, 'model');
  function nextCopy(): Copy {
    made += 1;
    world.sandbox.put('runs', `${made}/model.pkl`, content);
    return {
      from: `s3://runs/${made}/model.pkl`,
      to: `s3://models/serving/${made}/model.pkl`,
      size,
      digest: digestOf(content),
    };
  }

  /** What is at the destination: nothing, or the file. Anything else is the end of trust. */
  function isThere({ to }: Copy): boolean {
    const found = world.sandbox.read('models', to.slice('s3://models/'.length));
    if (found !== undefined && !found.equals(content)) throw new Error(`${to} holds something else`);
    return found !== undefined;
  }

  /** The requests of a copy that nobody disturbs, after one that taught the store what the bucket can. */
  async function requestsOfCopy(): Promise<readonly string[]> {
    await store.copy(nextCopy(), never);
    world.sandbox.forgetRequests();
    await store.copy(nextCopy(), never);
    return world.sandbox.requests.map(({ method, query }) => `${method} ${Object.keys(query).join()}`);
  }

  /** From the request with this number on, so many requests go wrong. */
  function failFrom(number: number, times: number, fault: S3Fault): () => void {
    let seen = 0;
    return world.sandbox.fail({
      when() {
        seen += 1;
        return seen > number && seen <= number + times;
      },
      fault,
    });
  }

  test('each request fails once, or its answer is lost — the copy succeeds all the same', async () => {
    for (const [number, request] of (await requestsOfCopy()).entries()) {
      for (const fault of faultsOf(request)) {
        const copy = nextCopy();
        const stop = failFrom(number, 1, fault);
        expect(await store.copy(copy, never), `${number} ${JSON.stringify(fault)}`).toMatchObject({ size });
        stop();
        expect(isThere(copy)).toBe(true);
      }
    }
  });

  test('each request fails for good — RetryableError, nothing half, and a repetition succeeds', async () => {
    for (const [number, request] of (await requestsOfCopy()).entries()) {
      for (const fault of faultsOf(request)) {
        const copy = nextCopy();
        const stop = failFrom(number, Number.POSITIVE_INFINITY, fault);
        const ended = await store.copy(copy, never).catch((thrown: unknown) => thrown);
        stop();
        isThere(copy);
        expect([number, fault, ended]).toEqual([number, fault, expect.any(RetryableError)]);
        expect(await store.copy(copy, never)).toMatchObject({ size });
        expect(isThere(copy)).toBe(true);
      }
    }
  });

  test('each request fails three times — nothing incomplete is left, unless nobody knows its id', async () => {
    const requests = await requestsOfCopy();
    for (const [number, request] of requests.entries()) {
      for (const fault of faultsOf(request)) {
        const before = world.sandbox.uploads('models').length;
        const copy = nextCopy();
        const stop = failFrom(number, 3, fault);
        // Two requests are under way at times, so that no one of them has to fail three times.
        const ended = await store.copy(copy, never).catch((thrown: unknown) => thrown);
        stop();
        expect(ended instanceof RetryableError || isThere(copy)).toBe(true);
        const left = world.sandbox.uploads('models').length - before;
        const unknownIds = request === 'POST uploads' && fault.kind !== 'status' && fault.kind !== 'drop';
        expect(left, `${number} ${request} ${JSON.stringify(fault)}`).toBe(unknownIds ? 3 : 0);
        isThere(copy);
      }
    }
  });

  test('aborted at each request — throws the reason, leaves nothing, and a repetition succeeds', async () => {
    const requests = await requestsOfCopy();
    for (const [number, request] of requests.entries()) {
      const before = world.sandbox.uploads('models').length;
      const copy = nextCopy();
      const controller = new AbortController();
      const reason = new AbortError('shutdown');
      let seen = 0;
      const stop = world.sandbox.fail({
        when() {
          seen += 1;
          if (seen === number + 1) controller.abort(reason);
          return false;
        },
        fault: { kind: 'drop' },
      });
      await expect(store.copy(copy, controller.signal)).rejects.toBe(reason);
      stop();
      isThere(copy);
      expect(world.sandbox.uploads('models').length - before).toBe(request === 'POST uploads' ? 1 : 0);
      await store.copy(copy, never);
      expect(isThere(copy)).toBe(true);
    }
  });

  test('each request of a write fails once, or its answer is lost — the write succeeds all the same', async () => {
    world.sandbox.forgetRequests();
    await store.write('s3://models/serving/first', content, never);
    for (const number of world.sandbox.requests.slice().keys()) {
      for (const [index, fault] of passing.entries()) {
        const address = `s3://models/serving/written-${number}-${index}`;
        const stop = failFrom(number, 1, fault);
        await store.write(address, content, never);
        stop();
        expect((await store.read(address, size, never))?.equals(content)).toBe(true);
      }
    }
  });
});

describe('somebody else', () => {
  let world: ModelWorld;
  const content = bytesOf(2 * partBytes + 1, 'model');
  const key = 'serving/model.pkl';
  const copy = {
    from: 's3://runs/model.pkl',
    to: `s3://models/${key}`,
    size: content.length,
    digest: digestOf(content),
  };

  async function start(models: Partial<S3BucketConfig> = {}): Promise<ModelStore> {
    world = await createModelWorld({ runs: bucket(), models: bucket(models) });
    world.sandbox.put('runs', 'model.pkl', content);
    return world.open([world.place('s3://runs/'), world.place('s3://models/')], 's3://models/serving/');
  }
  afterEach(() => world.close());

  /** Runs something right before the first request with this method and query is served. */
  function rightBefore(method: string, query: string, act: () => void): void {
    let done = false;
    world.sandbox.fail({
      when(request) {
        if (done || request.method !== method || !request.query.has(query)) return false;
        done = true;
        act();
        return false;
      },
      fault: { kind: 'drop' },
    });
  }

  test('writes another file right before the parts are put together — address-taken, theirs stays, nothing is left', async () => {
    const store = await start();
    rightBefore('POST', 'uploadId', () => void world.sandbox.put('models', key, 'theirs'));
    await expect(store.copy(copy, never)).rejects.toMatchObject({ code: 'address-taken' });
    expect(String(world.sandbox.read('models', key))).toBe('theirs');
    expect(world.sandbox.uploads('models')).toEqual([]);
  });

  test.each(['refused', 'ignored'] as const)(
    'writes another file while parts are sent, and conditions are %s — address-taken, theirs stays',
    async (conditionalWrites) => {
      const store = await start({ conditionalWrites });
      rightBefore('PUT', 'partNumber', () => void world.sandbox.put('models', key, 'theirs'));
      await expect(store.copy(copy, never)).rejects.toMatchObject({ code: 'address-taken' });
      expect(String(world.sandbox.read('models', key))).toBe('theirs');
    },
  );

  test('writes another file while a small one is read, and conditions are refused — address-taken, theirs stays', async () => {
    const store = await start({ conditionalWrites: 'refused' });
    const small = Buffer.from('small');
    world.sandbox.put('runs', 'small', small);
    let looks = 0;
    world.sandbox.fail({
      when(request) {
        looks += request.bucket === 'runs' ? 1 : 0;
        if (looks === 1) world.sandbox.put('models', key, 'theirs');
        return false;
      },
      fault: { kind: 'drop' },
    });
    const copying = store.copy({ ...copy, from: 's3://runs/small', size: 5, digest: digestOf(small) }, never);
    await expect(copying).rejects.toMatchObject({ code: 'address-taken' });
    expect(String(world.sandbox.read('models', key))).toBe('theirs');
  });

  test('writes the same file meanwhile — it is proven and taken for ours', async () => {
    const store = await start();
    rightBefore('POST', 'uploadId', () => void world.sandbox.put('models', key, content));
    expect(await store.copy(copy, never)).toEqual({ size: content.length, sha256: copy.digest.value });
    expect(world.sandbox.uploads('models')).toEqual([]);
  });

  test('ends our upload — RetryableError, and the next copy succeeds', async () => {
    const store = await start();
    world.sandbox.fail({
      when: ({ method, query }) => method === 'POST' && query.has('uploadId'),
      times: 1,
      fault: { kind: 'conflict' },
    });
    await expect(store.copy(copy, never)).rejects.toBeInstanceOf(RetryableError);
    expect(world.sandbox.read('models', key)).toBeUndefined();
    expect(await store.copy(copy, never)).toMatchObject({ size: content.length });
  });

  test('writes at one time with us — 409 is asked again', async () => {
    const store = await start();
    world.sandbox.fail({ when: ({ method }) => method === 'PUT', times: 2, fault: { kind: 'conflict' } });
    await store.write('s3://models/serving/manifest.json', Buffer.from('{}'), never);
    expect(String(world.sandbox.read('models', 'serving/manifest.json'))).toBe('{}');
  });

  test('changes the source between two parts — RetryableError, nothing is written; then digest-mismatch', async () => {
    const store = await start();
    rightBefore(
      'PUT',
      'partNumber',
      () => void world.sandbox.put('runs', 'model.pkl', bytesOf(content.length, 'new')),
    );
    await expect(store.copy(copy, never)).rejects.toThrow('was changed while it was read');
    expect(world.sandbox.read('models', key)).toBeUndefined();
    expect(world.sandbox.uploads('models')).toEqual([]);
    await expect(store.copy(copy, never)).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(world.sandbox.uploads('models')).toEqual([]);
  });

  test('deletes the source between two parts — RetryableError; then model-missing', async () => {
    const store = await start();
    rightBefore('PUT', 'partNumber', () => world.sandbox.remove('runs', 'model.pkl'));
    await expect(store.copy(copy, never)).rejects.toBeInstanceOf(RetryableError);
    await expect(store.copy(copy, never)).rejects.toMatchObject({ code: 'model-missing' });
    expect(world.sandbox.uploads('models')).toEqual([]);
  });

  test('an error after 200 was said — the parts are put together once more', async () => {
    const store = await start();
    world.sandbox.fail({
      when: ({ method, query }) => method === 'POST' && query.has('uploadId'),
      times: 1,
      fault: { kind: 'late-error' },
    });
    expect(await store.copy(copy, never)).toMatchObject({ size: content.length });
    expect(world.sandbox.read('models', key)?.equals(content)).toBe(true);
  });

  test('the upload cannot be taken back — what went wrong first is thrown, and the log names what is left', async () => {
    const store = await start();
    world.sandbox.fail({ when: ({ method }) => method === 'DELETE', fault: { kind: 'status', status: 403 } });
    await expect(
      store.copy({ ...copy, digest: digestOf(Buffer.from('other')) }, never),
    ).rejects.toMatchObject({ code: 'digest-mismatch' });
    expect(world.warnings).toEqual([expect.stringContaining('incomplete upload')]);
  });
});
