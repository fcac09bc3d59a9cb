import { mkdtempSync, rmSync, symlinkSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFileSecrets } from '../../../src/adapters/system/file-secrets.ts';
import { createSecretRegistry } from '../../../src/adapters/system/secret-registry.ts';
import type { Secret } from '../../../src/domain/secret.ts';
import { createKeptLog } from '../../support/log.ts';

let folder: string;
let now: number;
let kept: ReturnType<typeof createKeptLog>;
const registry = createSecretRegistry();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelgate-secrets-'));
  now = 1_000_000;
  kept = createKeptLog();
});
afterEach(() => rmSync(folder, { recursive: true }));

function secretAt(name: string): Secret {
  return createFileSecrets({ registry, log: kept.log, now: () => new Date(now) })(join(folder, name));
}

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text);
}

function thrownBy(secret: Secret): unknown {
  try {
    return secret();
  } catch (error) {
    return error;
  }
}

describe('secret of a file', () => {
  test('read when first asked for — without the line break at the end, and registered', () => {
    const secret = secretAt('token');
    write('token', 'first value\n');

    expect(secret()).toBe('first value');
    expect([...registry.values()]).toContain('first value');
  });

  test('changed file — followed, but looked at once a second at most', () => {
    write('token', 'old-value');
    const secret = secretAt('token');
    expect(secret()).toBe('old-value');

    write('token', 'new-value-1');
    now += 999;
    expect(secret()).toBe('old-value');
    now += 1;
    expect(secret()).toBe('new-value-1');
    expect([...registry.values()]).toEqual(expect.arrayContaining(['old-value', 'new-value-1']));
  });

  test('mounted secret swapped by symlink — followed', () => {
    write('v1', 'same-size-1');
    write('v2', 'same-size-2');
    symlinkSync('v1', join(folder, 'token'));
    const secret = secretAt('token');
    expect(secret()).toBe('same-size-1');

    symlinkSync('v2', join(folder, 'next'));
    renameSync(join(folder, 'next'), join(folder, 'token'));
    now += 1000;

    expect(secret()).toBe('same-size-2');
  });

  test('many rotations — the newest two values stay registered', () => {
    const secret = secretAt('token');
    for (const round of [1, 2, 3, 4]) {
      write('token', `rotation-${'x'.repeat(round)}`);
      now += 1000;
      secret();
    }

    const kept = [...registry.values()].filter((value) => value.startsWith('rotation-'));
    expect(kept).toEqual(['rotation-xxx', 'rotation-xxxx']);
  });

  test.each([
    ['gone', (): void => rmSync(join(folder, 'token'))],
    ['emptied', (): void => write('token', '')],
    ['cut short', (): void => write('token', 'abc')],
  ])(
    'file %s after it was read — the last value stays, and the log says so once, and that it is good again',
    (_title, damage) => {
      write('token', 'last-value');
      const secret = secretAt('token');
      secret();

      damage();
      now += 1000;
      expect(secret()).toBe('last-value');
      now += 1000;
      expect(secret()).toBe('last-value');

      expect(kept.messages()).toEqual(['secret kept: its file cannot be read again']);

      write('token', 'next-value');
      now += 1000;
      expect(secret()).toBe('next-value');
      now += 1000;
      secret();
      expect(kept.messages().slice(1)).toEqual(['secret: its file is good again']);
      expect(JSON.stringify(kept.lines)).not.toContain('last-value');
    },
  );

  test('file away and back as it was — good again is logged as well', () => {
    write('token', 'last-value');
    const secret = secretAt('token');
    secret();
    for (const [from, to] of [
      ['token', 'aside'],
      ['aside', 'token'],
    ] as const) {
      renameSync(join(folder, from), join(folder, to));
      now += 1000;
      expect(secret()).toBe('last-value');
    }

    expect(kept.messages()).toEqual([
      'secret kept: its file cannot be read again',
      'secret: its file is good again',
    ]);
  });

  test('no file, or a short secret, at first — an error that names the file and the repair', () => {
    write('short', 'abc\n');

    expect(thrownBy(secretAt('absent'))).toMatchObject({
      code: 'secret-unreadable',
      message: `the secret ${join(folder, 'absent')} cannot be read: there is no such file (ENOENT)`,
      remedy: expect.stringContaining('Mount the file'),
    });
    expect(thrownBy(secretAt('short'))).toMatchObject({
      code: 'secret-short',
      message: expect.stringContaining('holds 3 characters'),
    });
  });
});
