import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createLocalStores } from '../../../src/adapters/object-store/open-local-stores.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import type { ObjectStore } from '../../../src/ports/object-store.ts';
import { createS3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';
import type { S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';

const never = new AbortController().signal;
const dispatchers = createDispatchers();
let sandbox: S3Sandbox;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'modelgate-laptop-'));
  sandbox = await createS3Sandbox({
    buckets: { team: { versioned: false } },
    credentials: { accessKeyId: 'AKIALAPTOP', secretAccessKey: 'laptop-secret' },
  });
  sandbox.put('team', 'dvc/k', 'x');
});
afterAll(async () => {
  await dispatchers.close();
  await sandbox.close();
  await rm(directory, { recursive: true });
});

function open(
  url: string,
  settings: Record<string, string> = {},
  env: Record<string, string> = {},
  files: Record<string, string> = {},
) {
  const stores = createLocalStores({
    dispatchers,
    clock: { now: () => new Date(), sleep: () => Promise.resolve() },
    random: Math.random,
    env,
    readFile: (file) => Promise.resolve(files[file]),
    home: path.join(directory, 'home'),
    directory: path.join(directory, 'project'),
  });
  return stores.open({ name: 'storage', url, settings });
}

function opened(...args: Parameters<typeof open>): ObjectStore {
  const result = open(...args);
  if (result.kind !== 'open') throw new Error(result.message);
  return result.store;
}

describe('directories', () => {
  test.each([
    ['absolute', () => path.join(directory, 'storage')],
    ['beside the project', () => '../storage'],
    ['in the home directory', () => '~/storage'],
  ])('%s — is opened', async (_name, url) => {
    for (const folder of ['storage', 'home/storage']) {
      await mkdir(path.join(directory, folder), { recursive: true });
      await writeFile(path.join(directory, folder, 'k'), 'x');
    }
    expect(await opened(url()).stat([{ key: 'k' }], never)).toMatchObject([{ kind: 'present', size: 1 }]);
  });
});

describe('s3 by DVC’s settings', () => {
  const keys = { access_key_id: 'AKIALAPTOP', secret_access_key: 'laptop-secret' };
  const keysFile = '[work]\naws_access_key_id = AKIALAPTOP\naws_secret_access_key = laptop-secret\n';
  test.each([
    ['keys of the remote', () => [{ endpointurl: sandbox.url, ...keys }, {}, {}]],
    [
      'keys and endpoint of the environment',
      () => [
        {},
        {
          AWS_ACCESS_KEY_ID: 'AKIALAPTOP',
          AWS_SECRET_ACCESS_KEY: 'laptop-secret',
          AWS_ENDPOINT_URL: sandbox.url,
        },
        {},
      ],
    ],
    [
      'a profile',
      () => [
        { endpointurl: sandbox.url, profile: 'work' },
        {},
        { [path.join(directory, 'home/.aws/credentials')]: keysFile },
      ],
    ],
    [
      'a credentials file beside the project',
      () => [
        { endpointurl: sandbox.url, profile: 'work', credentialpath: '../../keys' },
        {},
        { [path.join(directory, 'keys')]: keysFile },
      ],
    ],
  ] as const)('%s — open the remote', async (_name, args) => {
    const [settings, env, files] = args();
    expect(await opened('s3://team/dvc', settings, env, files).stat([{ key: 'k' }], never)).toMatchObject([
      { kind: 'present' },
    ]);
  });

  test('anonymous — although keys are there — is asked unsigned', async () => {
    const store = opened('s3://team/dvc', {
      endpointurl: sandbox.url,
      allow_anonymous_login: 'True',
      ...keys,
    });
    expect(await store.stat([{ key: 'k' }], never)).toMatchObject([{ kind: 'unknown', cause: 'forbidden' }]);
  });

  test('no credentials anywhere — is unknown and says what is supported', async () => {
    const store = opened('s3://team/dvc', { endpointurl: sandbox.url });
    const expected = {
      kind: 'unknown',
      cause: 'unsupported',
      message: expect.stringContaining('AWS_ACCESS_KEY_ID'),
    };
    expect(await store.stat([{ key: 'k' }], never)).toMatchObject([expected]);
    expect(await store.get({ key: 'k' }, 10, never)).toMatchObject(expected);
    for await (const step of store.list('', undefined, never)) expect(step).toMatchObject(expected);
  });

  test('an authority file that is not there — is unknown and named', async () => {
    const store = opened('s3://team/dvc', {
      endpointurl: sandbox.url,
      ssl_verify: '/etc/no-such-ca.pem',
      ...keys,
    });
    expect(await store.stat([{ key: 'k' }], never)).toMatchObject([
      { message: expect.stringContaining('/etc/no-such-ca.pem') },
    ]);
  });

  test.each([
    ['an endpoint with a password', 's3://team/dvc', { endpointurl: 'https://u:hunter2@h' }, 'endpointurl'],
    ['an endpoint without scheme', 's3://team/dvc', { endpointurl: 'minio:9000' }, 'endpointurl'],
    ['a region that is a host', 's3://team/dvc', { region: 'evil.example.com/' }, 'region'],
    ['a key of one’s own', 's3://team/dvc', { sse_customer_key: 'hunter2' }, 'sse_customer_key'],
    ['no bucket', 's3:///x', {}, 'bucket'],
    ['userinfo', 's3://key:hunter2@team/dvc', {}, 'bucket'],
    ['another scheme', 'gs://team/dvc', {}, 'a remote of the kind gs'],
    ['another scheme with a password', 'https://u:hunter2@h/dvc', {}, 'a remote of the kind https'],
  ])('%s — is unsupported and says why, without secrets', (_name, url, settings, why) => {
    const result = open(url, { ...settings });
    expect(result).toMatchObject({
      kind: 'unsupported',
      message: expect.stringContaining(why),
      remedy: expect.stringMatching(/dvc/),
    });
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });
});
