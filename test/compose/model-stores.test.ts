import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { createClock } from '../../src/adapters/system/clock.ts';
import { createSecretRegistry } from '../../src/adapters/system/secret-registry.ts';
import { createOutages } from '../../src/adapters/redis/outages.ts';
import type { Foundation } from '../../src/compose/foundation.ts';
import { createModelStores } from '../../src/compose/model-stores.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createDispatchers } from '../../src/net/dispatchers.ts';
import { createS3Sandbox, type S3Sandbox } from '../../src/sandbox/s3/sandbox.ts';
import { createKeptLog } from '../support/log.ts';

const never = new AbortController().signal;
const keys = { accessKeyId: 'AKIASERVER', secretAccessKey: 'the-server-secret' };
const reader = { accessKeyId: 'AKIAREADER', secretAccessKey: 'the-reading-secret' };
const repository = { host: 'corp', id: '7', path: 'ml/auto-mpg' };
let sandbox: S3Sandbox;
let foundation: Foundation;
let kept: ReturnType<typeof createKeptLog>;

beforeEach(async () => {
  sandbox = await createS3Sandbox({
    buckets: { models: { versioned: false, conditionalWrites: 'refused' }, data: { versioned: false } },
    credentials: keys,
    readers: [reader],
  });
  kept = createKeptLog();
  foundation = foundationOf(sandbox.url);
});
afterEach(async () => {
  await foundation.close();
  await sandbox.close();
});

/** Secrets come from the environment, as in a file that people write. */
function foundationOf(endpoint: string): Foundation {
  const env = {
    T: 'token-of-the-host',
    KEY: keys.secretAccessKey,
    KEY_ID: keys.accessKeyId,
    READER: reader.secretAccessKey,
    READER_ID: reader.accessKeyId,
  };
  const owner = { accessKeyId: '${KEY_ID}', secretAccessKey: '${KEY}' };
  const reading = { accessKeyId: '${READER_ID}', secretAccessKey: '${READER}' };
  const host = {
    id: 'corp',
    kind: 'gitlab',
    url: 'https://gitlab.example.com',
    token: '${T}',
    webhookSecrets: ['${T}'],
    repositories: ['**'],
  };
  const text = JSON.stringify({
    hosts: [host],
    remotes: [
      { url: 's3://data/dvc/', repositories: ['ml/*'], endpoint, credentials: reading },
      { url: 's3://data/', repositories: ['secret/*'], endpoint, credentials: reading },
      { url: 's3://models/serving/', repositories: ['ml/*'], endpoint, credentials: reading },
    ],
    environments: {
      prod: {
        repositories: ['ml/auto-*'],
        publish: 's3://models/serving/',
        stores: [{ url: 's3://models/', endpoint, credentials: owner }],
      },
    },
  });
  const { log } = kept;
  const clock = createClock();
  const secrets = createSecretRegistry();
  const config = loadConfig({
    path: '/modelgate.yaml',
    env,
    readFile: () => text,
    fileSecret: () => () => '',
    addSecret: (value) => void secrets.add(value),
  });
  const dispatchers = createDispatchers();
  return {
    config,
    secrets,
    log,
    clock,
    dispatchers,
    redisOutages: createOutages(log, () => 0),
    surroundings: { env, cwd: '/', home: '/nowhere', writeLog: () => undefined },
    setRunSink: () => undefined,
    close: () => dispatchers.close(),
  };
}

describe('the stores of an environment', () => {
  test('writes below publish with the environment’s credentials, reads the repository’s data', async () => {
    sandbox.put('data', 'dvc/files/md5/aa/bb', 'data');
    const store = createModelStores(foundation, undefined)('prod', repository);
    await store.write('s3://models/serving/m.json', Buffer.from('{}'), never);
    expect(String(sandbox.read('models', 'serving/m.json'))).toBe('{}');
    expect(await store.stat('s3://data/dvc/files/md5/aa/bb', never)).toEqual({ kind: 'present', size: 4 });
  });

  test('data of other repositories, and writing to data — address-not-bound', async () => {
    const store = createModelStores(foundation, undefined)('prod', repository);
    await expect(store.read('s3://data/other/x', 9, never)).rejects.toMatchObject({
      code: 'address-not-bound',
    });
    await expect(store.write('s3://data/dvc/x', Buffer.from('x'), never)).rejects.toMatchObject({
      code: 'address-not-bound',
    });
    expect(sandbox.requests).toEqual([]);
  });

  test('a store without conditional writes — is warned of once, however often it is opened', async () => {
    const open = createModelStores(foundation, undefined);
    for (const name of ['a', 'b']) {
      const address = `s3://models/serving/${name}`;
      await open('prod', repository).write(address, Buffer.from(name), never);
    }
    expect(kept.messages()).toEqual([expect.stringContaining('does not know conditional writes')]);
  });

  test.each([
    ['an environment that there is not', 'staging', 'ml/auto-mpg'],
    ['a name that every object has', 'constructor', 'ml/auto-mpg'],
    ['a repository that it is not for', 'prod', 'ml/other'],
  ])('%s — environment-not-bound', (_name, environment, path) => {
    const open = () => createModelStores(foundation, undefined)(environment, { ...repository, path });
    expect(open).toThrow(expect.objectContaining({ code: 'environment-not-bound' }));
  });
});
