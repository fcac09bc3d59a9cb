import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describeModelStore } from '../../../contracts/model-store.ts';
import type { ModelStoreWorld } from '../../../contracts/model-store.ts';
import type { S3BucketConfig } from '../../../../src/sandbox/s3/store.ts';
import { bucket, createModelWorld, partBytes } from './model-world.ts';
import { ensureBucket, realS3 } from './real-s3.ts';

/** S3 takes no smaller ones. */
const realPartBytes = 5 * 1024 * 1024;
const local = { partBytes, atomic: true, runs: 100 };

describeModelStore(
  'directories',
  async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'modelgate-models-'));
    const world = await createModelWorld({});
    const runs = path.join(directory, 'runs');
    const publish = path.join(directory, 'models', 'serving');
    for (const made of [runs, publish]) await mkdir(made, { recursive: true });
    const places = [runs, path.join(directory, 'models')].map((url) => ({
      url,
      credentials: 'anonymous' as const,
    }));
    return {
      store: world.open(places, `${publish}/`),
      runs: `${runs}/`,
      publish: `${publish}/`,
      elsewhere: path.join(directory, 'elsewhere'),
      async put(address, content) {
        await mkdir(path.dirname(address), { recursive: true });
        await writeFile(address, content);
      },
      get: (address) => readFile(address).catch(() => undefined),
      async incomplete() {
        const folder = path.join(directory, 'models', '.modelgate-incomplete');
        return (await readdir(folder).catch(() => [])).length;
      },
      async close() {
        await world.close();
        await rm(directory, { recursive: true });
      },
    };
  },
  local,
);

/** Runs and models in these buckets of one stand-in. */
async function inBuckets(
  config: Partial<S3BucketConfig>,
  names: { readonly runs: string; readonly models: string },
): Promise<ModelStoreWorld> {
  const world = await createModelWorld({
    [names.runs]: bucket(config),
    [names.models]: bucket(config),
    other: bucket(),
  });
  const where = (address: string): readonly [string, string] => {
    const [name = '', ...key] = address.slice('s3://'.length).split('/');
    return [name, key.join('/')];
  };
  const places = [...new Set([`s3://${names.runs}/`, `s3://${names.models}/`])].map((url) =>
    world.place(url),
  );
  return {
    store: world.open(places, `s3://${names.models}/serving/`),
    runs: `s3://${names.runs}/artifacts/`,
    publish: `s3://${names.models}/serving/`,
    elsewhere: 's3://other/x',
    put: (address, content) => Promise.resolve(void world.sandbox.put(...where(address), content)),
    get: (address) => Promise.resolve(world.sandbox.read(...where(address))),
    incomplete: () => Promise.resolve(world.sandbox.uploads(names.models).length),
    close: () => world.close(),
  };
}

const sorts: readonly [string, Partial<S3BucketConfig>, boolean][] = [
  ['S3', {}, true],
  ['S3 with versions', { versioned: true }, true],
  ['a store that refuses conditional writes', { conditionalWrites: 'refused' }, false],
  ['a store that does not look at conditions', { conditionalWrites: 'ignored' }, false],
];
for (const [name, config, atomic] of sorts) {
  const traits = { partBytes, atomic, runs: 40 };
  describeModelStore(
    `${name}, one bucket`,
    () => inBuckets(config, { runs: 'team', models: 'team' }),
    traits,
  );
  describeModelStore(
    `${name}, two buckets`,
    () => inBuckets(config, { runs: 'runs', models: 'models' }),
    traits,
  );
}

describeModelStore(
  'from S3 to a directory',
  async () => {
    const directory = await mkdtemp(path.join(tmpdir(), 'modelgate-models-'));
    const world = await createModelWorld({ runs: bucket() });
    const isS3 = (address: string): boolean => address.startsWith('s3://');
    return {
      store: world.open([world.place('s3://runs/'), { url: directory, credentials: 'anonymous' }], directory),
      runs: 's3://runs/a/',
      publish: `${directory}/`,
      elsewhere: 's3://other/x',
      async put(address, content) {
        if (isS3(address)) {
          world.sandbox.put('runs', address.slice('s3://runs/'.length), content);
        } else {
          await mkdir(path.dirname(address), { recursive: true });
          await writeFile(address, content);
        }
      },
      get: (address) =>
        isS3(address)
          ? Promise.resolve(world.sandbox.read('runs', address.slice('s3://runs/'.length)))
          : readFile(address).catch(() => undefined),
      incomplete: async () =>
        (await readdir(path.join(directory, '.modelgate-incomplete')).catch(() => [])).length,
      async close() {
        await world.close();
        await rm(directory, { recursive: true });
      },
    };
  },
  local,
);

const real = realS3(process.env);

describeModelStore(
  'the S3 server of TEST_S3_ENDPOINT (TEST_S3_BUCKET, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_REGION)',
  async () => {
    if (real === undefined) throw new Error('no server is named');
    await ensureBucket(real);
    const base = `s3://${real.bucket}/modelgate-test-${randomUUID()}/`;
    const world = await createModelWorld({});
    const place = world.place(base, real);
    const deps = { partBytes: realPartBytes };
    const outside = world.open([place], base, deps);
    const never = new AbortController().signal;
    return {
      store: world.open([place], `${base}serving/`, deps),
      runs: `${base}runs/`,
      publish: `${base}serving/`,
      elsewhere: 's3://nobody-binds-this/x',
      put: (address, content) => outside.write(address, content, never),
      get: (address) => outside.read(address, 64 * 1024 * 1024, never),
      incomplete: () => Promise.resolve(undefined),
      close: () => world.close(),
    };
  },
  { partBytes: realPartBytes, atomic: true, runs: 5, available: real !== undefined },
);
