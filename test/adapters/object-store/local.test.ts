import { chmod, mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { createLocalStore } from '../../../src/adapters/object-store/local.ts';
import { drain, listAll } from '../../contracts/object-store.ts';

const never = new AbortController().signal;
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'modelgate-local-'));
});
afterAll(() => rm(directory, { recursive: true }));

test('a remote that is not mounted — is unreachable, not empty', async () => {
  const store = createLocalStore({ directory: path.join(directory, 'not-mounted') });
  expect(await store.stat([{ key: 'a' }, { key: 'b' }], never)).toMatchObject([
    { kind: 'unknown', cause: 'unreachable', message: expect.stringContaining('does not exist') },
    { kind: 'unknown', cause: 'unreachable' },
  ]);
  expect(await store.get({ key: 'a' }, 10, never)).toMatchObject({ cause: 'unreachable' });
  expect(await drain(store.list('', undefined, never))).toMatchObject([{ cause: 'unreachable' }]);
});

test('a remote that is a file — is unreachable', async () => {
  const file = path.join(directory, 'a-file');
  await writeFile(file, '');
  expect(await createLocalStore({ directory: file }).stat([{ key: 'a' }], never)).toMatchObject([
    { cause: 'unreachable' },
  ]);
});

test('a version — of a file — is unsupported', async () => {
  const store = createLocalStore({ directory });
  expect(await store.stat([{ key: 'a', version: '1' }], never)).toMatchObject([{ cause: 'unsupported' }]);
});

test('symbolic links — to the remote, a folder, a file, a circle, nothing — are followed as far as they lead', async () => {
  const real = path.join(directory, 'real');
  await mkdir(path.join(real, 'sub'), { recursive: true });
  await writeFile(path.join(real, 'sub', 'data'), 'data');
  await symlink('sub', path.join(real, 'again'));
  await symlink('..', path.join(real, 'sub', 'circle'));
  await symlink('nothing', path.join(real, 'broken'));
  await symlink('self', path.join(real, 'self'));
  await symlink('sub/data', path.join(real, 'z-alias'));
  await symlink(real, path.join(directory, 'linked'));
  const store = createLocalStore({ directory: path.join(directory, 'linked') });
  const keys = (await listAll(store, '')).objects.map((object) => object.key);
  expect(keys).toEqual(['again/data', 'sub/data', 'z-alias']);
  const states = await store.stat(
    [{ key: 'again/data' }, { key: 'broken' }, { key: 'self' }, { key: 'sub/circle/sub/data' }],
    never,
  );
  expect(states).toMatchObject([
    { kind: 'present' },
    { kind: 'missing' },
    { kind: 'unknown' },
    { kind: 'present' },
  ]);
});

test.skipIf(process.getuid?.() === 0)('an unreadable folder — is forbidden, not missing', async () => {
  const closed = path.join(directory, 'closed-remote', 'closed');
  await mkdir(closed, { recursive: true });
  await writeFile(path.join(closed, 'data'), '');
  await chmod(closed, 0);
  const store = createLocalStore({ directory: path.dirname(closed) });
  expect(await store.stat([{ key: 'closed/data' }], never)).toMatchObject([
    { kind: 'unknown', cause: 'forbidden' },
  ]);
  expect(await drain(store.list('', undefined, never))).toMatchObject([
    { kind: 'unknown', cause: 'forbidden' },
  ]);
  await chmod(closed, 0o700);
});

test('a wrong object that DVC would delete — after stat, list and get — is still there, untouched', async () => {
  const file = path.join(directory, 'remote', 'files', 'md5', 'aa', 'wrong');
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, 'not what the name says', { mode: 0o644 });
  const before = await stat(file);
  const store = createLocalStore({ directory: path.join(directory, 'remote') });
  await store.stat([{ key: 'files/md5/aa/wrong' }], never);
  await store.get({ key: 'files/md5/aa/wrong' }, 100, never);
  await listAll(store, '');
  const after = await stat(file);
  expect([after.mode, after.size, after.mtimeMs, after.ctimeMs]).toEqual([
    before.mode,
    before.size,
    before.mtimeMs,
    before.ctimeMs,
  ]);
  expect(await readdir(path.dirname(file))).toEqual(['wrong']);
});
