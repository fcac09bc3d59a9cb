import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { createBoundStores } from '../../../src/adapters/object-store/open-bound-stores.ts';
import type { Binding } from '../../../src/adapters/object-store/open-bound-stores.ts';
import { UserError } from '../../../src/errors.ts';
import { createDispatchers } from '../../../src/net/dispatchers.ts';
import { createS3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';
import type { S3Sandbox } from '../../../src/sandbox/s3/sandbox.ts';

const never = new AbortController().signal;
const keys = { accessKeyId: 'AKIASERVER', secretAccessKey: 'the-server-secret' };
const dispatchers = createDispatchers();
let sandbox: S3Sandbox;
let directory: string;

beforeAll(async () => {
  sandbox = await createS3Sandbox({ buckets: { 'team-data': { versioned: false } }, credentials: keys });
  sandbox.put('team-data', 'dvc/sub/files/md5/aa/one', 'one');
  directory = await mkdtemp(path.join(tmpdir(), 'modelgate-bound-'));
});
afterAll(async () => {
  await dispatchers.close();
  await sandbox.close();
  await rm(directory, { recursive: true });
});

function bound(bindings: readonly Binding[], env: Record<string, string> = {}) {
  return createBoundStores(bindings, {
    dispatchers,
    clock: { now: () => new Date(), sleep: () => Promise.resolve() },
    random: Math.random,
    env,
    readFile: () => Promise.resolve(undefined),
    home: '/nowhere',
  });
}

function remote(url: string, settings: Record<string, string> = {}) {
  return { name: 'storage', url, settings };
}

describe('bound stores', () => {
  test.each([
    ['S3://team-data/dvc/', 's3://team-data/dvc/sub'],
    ['s3://team-data/dvc/', 'S3://team-data/dvc/sub'],
  ])(
    'the binding %s and the remote %s — are compared without regard to the case of the scheme',
    (url, asked) => {
      const opened = bound([{ url, endpoint: sandbox.url, credentials: keys }]).open(remote(asked));
      expect(opened.kind === 'open' && opened.store.url).toBe('s3://team-data/dvc/sub');
    },
  );

  test('a remote below a binding — is opened with the binding’s endpoint and keys, whatever the repository says', async () => {
    const stores = bound([{ url: 's3://team-data/dvc/', endpoint: sandbox.url, credentials: keys }]);
    const hostile = {
      endpointurl: 'http://127.0.0.1:1',
      access_key_id: 'x',
      secret_access_key: 'y',
      ssl_verify: 'false',
      profile: 'z',
    };
    const opened = stores.open(remote('s3://team-data/dvc/sub', hostile));
    if (opened.kind !== 'open') throw new Error(opened.message);
    expect(opened.store.url).toBe('s3://team-data/dvc/sub');
    expect(await opened.store.stat([{ key: 'files/md5/aa/one' }], never)).toMatchObject([
      { kind: 'present', size: 3 },
    ]);
  });

  test('several bindings — the narrowest — decides', async () => {
    const stores = bound([
      { url: 's3://team-data', endpoint: 'http://127.0.0.1:1', credentials: 'anonymous' },
      { url: 's3://team-data/dvc/', endpoint: sandbox.url, credentials: keys },
    ]);
    const opened = stores.open(remote('s3://team-data/dvc/sub'));
    if (opened.kind !== 'open') throw new Error(opened.message);
    expect(await opened.store.stat([{ key: 'files/md5/aa/one' }], never)).toMatchObject([
      { kind: 'present' },
    ]);
  });

  test('credentials: default — come from the server’s environment', async () => {
    const env = { AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey };
    const stores = bound([{ url: 's3://team-data', endpoint: sandbox.url, credentials: 'default' }], env);
    const opened = stores.open(remote('s3://team-data/dvc'));
    if (opened.kind !== 'open') throw new Error(opened.message);
    expect(await opened.store.stat([{ key: 'sub/files/md5/aa/one' }], never)).toMatchObject([
      { kind: 'present' },
    ]);
  });

  test('a remote beside the binding — is not bound: redacted, with the row to add', () => {
    const opened = bound([{ url: 's3://team-data/dvc/', credentials: 'anonymous' }]).open(
      remote('s3://team-data/dvc-other'),
    );
    expect(opened).toMatchObject({
      kind: 'not-bound',
      message: expect.stringContaining('storage (s3://team-data/dvc-other)'),
      remedy: expect.stringContaining('{ url: "s3://team-data/dvc-other", repositories:'),
    });
  });

  test.each([
    's3://AKIA:hunter2@team-data/dvc',
    's3://team-data/dvc/?X-Amz-Signature=hunter2',
    's3://team-data/x#hunter2',
  ])('a url with a secret in it, %s — is not bound and not repeated', (url) => {
    const opened = bound([{ url: 's3://team-data/dvc/', credentials: 'anonymous' }]).open(remote(url));
    expect(opened.kind).toBe('not-bound');
    expect(JSON.stringify(opened)).not.toContain('hunter2');
  });

  test.each([
    'gs://b/p',
    'https://user:hunter2@h/p',
    'ssh://h/p',
    'gdrive://id',
    'azure://c/p',
    'webdavs://h/p',
  ])('%s — another kind of remote — is unsupported', (url) => {
    const opened = bound([]).open(remote(url));
    expect(opened).toMatchObject({ kind: 'unsupported', remedy: expect.stringContaining('dvc data status') });
    expect(JSON.stringify(opened)).not.toContain('hunter2');
  });

  test('no bindings — nothing — is opened', () => {
    expect(bound([]).open(remote('s3://team-data/dvc')).kind).toBe('not-bound');
    expect(bound([]).open(remote('/mnt/dvc')).kind).toBe('not-bound');
    expect(bound([]).open(remote('../storage'))).toMatchObject({
      kind: 'not-bound',
      message: expect.stringContaining("somebody's machine"),
    });
  });

  test.each([
    { url: 's3://team-data/../x', credentials: 'anonymous' } as const,
    { url: 'relative/path', credentials: 'anonymous' } as const,
    { url: 's3://team-data', endpoint: 'minio:9000', credentials: 'anonymous' } as const,
    { url: 's3://team-data', region: 'evil.example.com/', credentials: 'anonymous' } as const,
  ])('binding %j — unreadable — is refused at the start', (binding) => {
    expect(() => bound([binding])).toThrow(UserError);
  });

  test('a bound directory — symbolic links out of it — are forbidden, links inside are followed', async () => {
    const inside = path.join(directory, 'dvc');
    await mkdir(path.join(inside, 'ml'), { recursive: true });
    await writeFile(path.join(directory, 'secret'), 'not for you');
    await writeFile(path.join(inside, 'ml', 'data'), 'data');
    await symlink(path.join(directory, 'secret'), path.join(inside, 'ml', 'leak'));
    await symlink('data', path.join(inside, 'ml', 'alias'));
    await symlink(directory, path.join(inside, 'out'));
    const stores = bound([{ url: `file://${inside}`, credentials: 'anonymous' }]);
    const opened = stores.open(remote(path.join(inside, 'ml')));
    if (opened.kind !== 'open') throw new Error(opened.message);
    expect(
      await opened.store.stat([{ key: 'data' }, { key: 'alias' }, { key: 'leak' }], never),
    ).toMatchObject([
      { kind: 'present', size: 4 },
      { kind: 'present', size: 4 },
      { kind: 'unknown', cause: 'forbidden' },
    ]);
    expect(await opened.store.get({ key: 'leak' }, 100, never)).toMatchObject({
      kind: 'unknown',
      cause: 'forbidden',
    });
    const below = stores.open(remote(path.join(inside, 'out')));
    if (below.kind !== 'open') throw new Error(below.message);
    expect(await below.store.stat([{ key: 'secret' }], never)).toMatchObject([
      { kind: 'unknown', cause: 'forbidden' },
    ]);
    for await (const step of below.store.list('', undefined, never))
      expect(step).toMatchObject({ cause: 'forbidden' });
  });
});

test('a bound public bucket — anonymous — is asked without a signature', async () => {
  const open = await createS3Sandbox({ buckets: { public: { versioned: false } } });
  open.put('public', 'k', 'x');
  const opened = bound([{ url: 's3://public', endpoint: open.url, credentials: 'anonymous' }]).open(
    remote('s3://public'),
  );
  if (opened.kind !== 'open') throw new Error(opened.message);
  expect(await opened.store.stat([{ key: 'k' }], never)).toMatchObject([{ kind: 'present' }]);
  await open.close();
});
