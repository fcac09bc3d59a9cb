import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provideRedis } from '../../../deploy/scripts/provide-redis.mjs';

describe('providing a Redis server', () => {
  let folder: string;
  let valkey: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgate-path-'));
    valkey = join(folder, 'valkey-server');
    await writeFile(valkey, '#!/bin/sh\n');
    await chmod(valkey, 0o755);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('a server on the PATH — is used', () => {
    expect(provideRedis(join(folder, 'cache'), { PATH: `/nowhere:${folder}` })).toEqual({
      MODELGATE_REDIS_SERVER: valkey,
    });
  });

  test('a server that is named — goes before the PATH', () => {
    const env = { PATH: folder, MODELGATE_REDIS_SERVER: '/opt/redis-server' };

    expect(provideRedis(join(folder, 'cache'), env)).toEqual({ MODELGATE_REDIS_SERVER: '/opt/redis-server' });
  });

  test('REDIS_URL and no binary — nothing is brought', () => {
    expect(provideRedis(join(folder, 'cache'), { PATH: '/nowhere', REDIS_URL: 'redis://127.0.0.1' })).toEqual(
      {},
    );
  });
});
