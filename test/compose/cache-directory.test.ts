import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { claimCacheDirectory, isProcessAlive } from '../../src/compose/cache-directory.ts';
import { createKeptLog } from '../support/log.ts';

describe('claimCacheDirectory', () => {
  let parent: string;
  beforeEach(async () => void (parent = await mkdtemp(join(tmpdir(), 'modelgate-cache-'))));
  afterEach(() => rm(parent, { recursive: true, force: true }));

  const claim = (directory = parent) =>
    claimCacheDirectory(
      directory,
      { host: 'node-1', pid: 7, isAlive: (pid) => pid === 8 },
      createKeptLog().log,
    );

  test('removes what dead workers of this host left, and nothing else', async () => {
    const kept = ['mirrors-node-1-7', 'mirrors-node-1-8', 'mirrors-node-2-9', 'mirrors-node-1-x', 'other'];
    for (const name of [...kept, 'mirrors-node-1-9'])
      await mkdir(join(parent, name, 'deep'), { recursive: true });

    expect(await claim()).toBe(join(parent, 'mirrors-node-1-7'));
    expect((await readdir(parent)).toSorted()).toEqual(kept.toSorted());
  });

  test('a directory that is not there yet — is only named', async () => {
    expect(await claim(join(parent, 'new'))).toBe(join(parent, 'new', 'mirrors-node-1-7'));
  });
});

describe('isProcessAlive', () => {
  test('this process, and one that cannot be', () => {
    expect(isProcessAlive(process.pid)).toBe(true);
    expect(isProcessAlive(2 ** 22 + 1)).toBe(false);
  });
});
