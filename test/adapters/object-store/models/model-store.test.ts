import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { RetryableError, UserError } from '../../../../src/errors.ts';
import { bytesOf, digestOf } from '../../../contracts/model-store.ts';
import { bucket, createModelWorld, partBytes, reader, writer } from './model-world.ts';
import type { ModelWorld } from './model-world.ts';

const never = new AbortController().signal;

describe('which store is asked', () => {
  let world: ModelWorld;
  beforeAll(async () => {
    world = await createModelWorld({
      models: bucket(),
      runs: bucket(),
      shy: bucket({ canList: false }),
      'no-writes': bucket({ canWrite: false }),
    });
    world.sandbox.put('models', 'serving/a', 'a');
    world.sandbox.put('models', 'serving-other/a', 'other');
  });
  afterAll(() => world.close());
  beforeEach(() => world.sandbox.forgetRequests());

  test('the longest url counts, at a boundary of the path', async () => {
    const wrong = world.place('s3://models/', { endpoint: 'http://127.0.0.1:1' });
    const store = world.open([wrong, world.place('s3://models/serving')], undefined);
    expect(String(await store.read('s3://models/serving/a', 9, never))).toBe('a');
    await expect(store.read('s3://models/serving-other/a', 9, never)).rejects.toBeInstanceOf(RetryableError);
  });

  test.each([
    's3://other/a',
    's3://models/serving/../a',
    's3://models/serving/%2e%2e/a',
    's3://user:hunter2@models/serving/a',
    'gs://models/serving/a',
    'relative/a',
    '/etc/passwd',
    's3://models/serving/',
  ])('%s — address-not-bound, nothing is asked, no secret is repeated', async (address) => {
    const store = world.open([world.place('s3://models/serving/')], undefined);
    const refused = await store.read(address, 9, never).catch((thrown: unknown) => thrown);
    expect(refused).toMatchObject({ code: 'address-not-bound', remedy: expect.any(String) });
    expect(JSON.stringify(refused) + String(refused)).not.toContain('hunter2');
    expect(world.sandbox.requests).toEqual([]);
  });

  test('no publication prefix — nothing may be written', async () => {
    const store = world.open([world.place('s3://models/')], undefined);
    await expect(store.write('s3://models/x', Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'address-not-bound',
      message: expect.stringContaining('publishes nowhere'),
    });
    expect(world.sandbox.requests).toEqual([]);
  });

  test('a place for reading that holds the publication prefix — is not written to', async () => {
    const store = world.open([world.place('s3://models/', { readOnly: true })], 's3://models/serving/');
    await expect(store.write('s3://models/serving/x', Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'address-not-bound',
    });
    expect(world.sandbox.requests).toEqual([]);
  });

  test('two places for one prefix — reading takes the narrower one, writing the one that may', async () => {
    const places = [
      world.place('s3://models/', { credentials: writer }),
      world.place('s3://models/serving/', { credentials: reader, readOnly: true }),
    ];
    const store = world.open(places, 's3://models/serving/');
    await store.write('s3://models/serving/by-writer', Buffer.from('x'), never);
    expect(String(await store.read('s3://models/serving/by-writer', 9, never))).toBe('x');
  });

  test('credentials that may only read — store-forbidden with right, bucket and prefix', async () => {
    const store = world.open([world.place('s3://models/', { credentials: reader })], 's3://models/serving/');
    await expect(store.write('s3://models/serving/x', Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'store-forbidden',
      message: expect.stringContaining('403 AccessDenied'),
      remedy: 'Allow s3:PutObject on bucket models, all of it',
    });
    const narrow = world.open(
      [world.place('s3://models/serving/', { credentials: reader })],
      's3://models/serving/',
    );
    await expect(narrow.write('s3://models/serving/x', Buffer.from('x'), never)).rejects.toMatchObject({
      remedy: 'Allow s3:PutObject on bucket models, prefix serving/',
    });
    const big = bytesOf(2 * partBytes, 'big');
    world.sandbox.put('runs', 'big', big);
    const both = world.open([world.place('s3://runs'), world.place('s3://no-writes')], 's3://no-writes/p/');
    const copy = {
      from: 's3://runs/big',
      to: 's3://no-writes/p/big',
      size: big.length,
      digest: digestOf(big),
    };
    await expect(both.copy(copy, never)).rejects.toMatchObject({ code: 'store-forbidden' });
  });

  test('no right to list — absence cannot be told, and is not guessed', async () => {
    const store = world.open([world.place('s3://shy/')], 's3://shy/p/');
    await expect(store.write('s3://shy/p/x', Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'store-forbidden',
      remedy: 'Allow s3:GetObject and s3:ListBucket on bucket shy, all of it',
    });
    await expect(store.stat('s3://shy/p/x', never)).rejects.toMatchObject({ code: 'store-forbidden' });
  });

  test.each([
    ['a wrong secret', { credentials: { ...writer, secretAccessKey: 'wrong' } }, 'store-forbidden'],
    ['no credentials anywhere', { credentials: 'default' as const }, 'store-unsupported'],
  ])('%s — is told', async (_name, more, code) => {
    const store = world.open([world.place('s3://models/', more)], 's3://models/serving/');
    const refused = await store
      .write('s3://models/serving/x', Buffer.from('x'), never)
      .catch((thrown: unknown) => thrown);
    expect(refused).toBeInstanceOf(UserError);
    expect(refused).toMatchObject({ code });
  });

  test('no such bucket — store-missing', async () => {
    const store = world.open([world.place('s3://nowhere/')], 's3://nowhere/p/');
    await expect(store.write('s3://nowhere/p/x', Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'store-missing',
    });
  });

  test('a busy store — is asked three times, then RetryableError', async () => {
    const stop = world.sandbox.fail({ when: () => true, fault: { kind: 'status', status: 503 } });
    const store = world.open([world.place('s3://models/')], 's3://models/serving/');
    await expect(store.write('s3://models/serving/x', Buffer.from('x'), never)).rejects.toThrow(
      '503 SlowDown',
    );
    stop();
    expect(world.sandbox.requests).toHaveLength(3);
  });
});

describe('how much is asked and held', () => {
  let world: ModelWorld;
  afterEach(() => world.close());

  test('a store without conditions — is warned of once, and learned', async () => {
    world = await createModelWorld({ models: bucket({ conditionalWrites: 'refused' }) });
    const store = world.open([world.place('s3://models/')], 's3://models/');
    for (const name of ['a', 'b', 'c']) await store.write(`s3://models/${name}`, Buffer.from(name), never);
    expect(world.warnings).toEqual([expect.stringContaining('does not know conditional writes')]);
    const refused = world.sandbox.requests.filter(({ status }) => status === 501);
    expect(refused).toHaveLength(1);
  });

  test('a small file — is looked for, read and written with one request each', async () => {
    world = await createModelWorld({ runs: bucket(), models: bucket() });
    const content = bytesOf(partBytes, 'small');
    world.sandbox.put('runs', 'small', content);
    const store = world.open([world.place('s3://runs/'), world.place('s3://models/')], 's3://models/');
    await store.copy(
      { from: 's3://runs/small', to: 's3://models/small', size: undefined, digest: digestOf(content) },
      never,
    );
    expect(world.sandbox.requests.map(({ method, bucket, status }) => [method, bucket, status])).toEqual([
      ['GET', 'models', 404],
      ['GET', 'runs', 206],
      ['PUT', 'models', 200],
    ]);
  });

  test.each([40, 41, 1])(
    'a file of %s parts — two parts are held at most, and none at the end',
    async (parts) => {
      world = await createModelWorld({ runs: bucket(), models: bucket() });
      const content = bytesOf(parts * partBytes, 'large');
      world.sandbox.put('runs', 'large', content);
      const store = world.open([world.place('s3://runs/'), world.place('s3://models/')], 's3://models/');
      const copy = {
        from: 's3://runs/large',
        to: 's3://models/large',
        size: content.length,
        digest: digestOf(content),
      };
      await store.copy(copy, never);
      expect([partBytes, Math.min(parts, 2) * partBytes]).toContain(world.mostHeld());
      expect(world.mostHeld()).toBe(0);
      await expect(
        store.copy({ ...copy, to: `${copy.to}2`, digest: digestOf(Buffer.from('x')) }, never),
      ).rejects.toMatchObject({ code: 'digest-mismatch' });
      world.mostHeld();
      expect(world.mostHeld()).toBe(0);
    },
  );
});

describe('directories', () => {
  let directory: string;
  let world: ModelWorld;
  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'modelgate-models-'));
    world = await createModelWorld({});
    await mkdir(path.join(directory, 'models'));
    await mkdir(path.join(directory, 'outside'));
  });
  afterEach(async () => {
    await world.close();
    await rm(directory, { recursive: true });
  });
  const open = (publish = 'models') =>
    world.open(
      [{ url: path.join(directory, 'models'), credentials: 'anonymous' }],
      path.join(directory, publish),
    );

  test('a symbolic link out of the place — is neither read nor written through', async () => {
    await symlink(path.join(directory, 'outside'), path.join(directory, 'models', 'link'));
    await writeFile(path.join(directory, 'outside', 'secret'), 'not for you');
    const store = open();
    const below = path.join(directory, 'models', 'link');
    await expect(store.read(`${below}/secret`, 99, never)).rejects.toMatchObject({ code: 'store-forbidden' });
    await expect(store.write(`${below}/new`, Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'store-forbidden',
    });
    await expect(store.write(`${below}/deep/new`, Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'store-forbidden',
    });
    expect(await readdir(path.join(directory, 'outside'))).toEqual(['secret']);
  });

  test('the directory is not there — RetryableError, and it is not made', async () => {
    await rm(path.join(directory, 'models'), { recursive: true });
    await expect(
      open().write(path.join(directory, 'models', 'x'), Buffer.from('x'), never),
    ).rejects.toBeInstanceOf(RetryableError);
    expect(await readdir(directory)).toEqual(['outside']);
  });

  test('a file stands where a folder has to be — is told, and left as it is', async () => {
    await writeFile(path.join(directory, 'models', 'file'), 'x');
    const written = open().write(path.join(directory, 'models', 'file', 'below'), Buffer.from('y'), never);
    await expect(written).rejects.toBeInstanceOf(UserError);
    expect(await readdir(path.join(directory, 'models'))).toContain('file');
  });

  test('a folder, or a link that leads nowhere, has the name — is told, and left as it is', async () => {
    await mkdir(path.join(directory, 'models', 'folder'));
    await symlink('nowhere', path.join(directory, 'models', 'dangling'));
    for (const name of ['folder', 'dangling']) {
      const written = open().write(path.join(directory, 'models', name), Buffer.from('y'), never);
      await expect(written).rejects.toMatchObject({ code: 'store-unsupported' });
    }
    expect(await readdir(path.join(directory, 'models', '.modelgate-incomplete'))).toEqual([]);
  });

  test('what is on its way — is not listed, and gone at the end', async () => {
    const incomplete = path.join(directory, 'models', '.modelgate-incomplete');
    await mkdir(incomplete);
    await writeFile(path.join(incomplete, 'of-a-killed-process'), 'half');
    const store = open();
    await store.write(path.join(directory, 'models', 'whole'), Buffer.from('x'), never);
    expect(await store.list(path.join(directory, 'models/'), 9, never)).toEqual(['whole']);
    expect(await readdir(incomplete)).toEqual(['of-a-killed-process']);
  });
});
