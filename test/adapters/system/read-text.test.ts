import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readText, readTextLater } from '../../../src/adapters/system/read-text.ts';
import { loadConfig } from '../../../src/config/load.ts';

const folder = mkdtempSync(join(tmpdir(), 'modelgate-text-'));
afterAll(() => rmSync(folder, { recursive: true }));

describe('text of a file', () => {
  test('a file — its text; none — undefined; a directory — an error', () => {
    writeFileSync(join(folder, 'a.txt'), 'grüße\n');

    expect(readText(join(folder, 'a.txt'))).toBe('grüße\n');
    expect(readText(join(folder, 'b.txt'))).toBeUndefined();
    expect(readText(join(folder, 'a.txt', 'c.txt'))).toBeUndefined();
    expect(() => readText(folder)).toThrow(expect.objectContaining({ code: 'EISDIR' }));
  });

  test('the same for those who can wait', async () => {
    writeFileSync(join(folder, 'a.txt'), 'grüße\n');

    expect(await readTextLater(join(folder, 'a.txt'))).toBe('grüße\n');
    expect(await readTextLater(join(folder, 'a.txt', 'c.txt'))).toBeUndefined();
    await expect(readTextLater(folder)).rejects.toMatchObject({ code: 'EISDIR' });
  });

  test('a configuration that is a directory — an error that says so', () => {
    const options = {
      path: folder,
      env: {},
      readFile: readText,
      fileSecret: () => () => '',
      addSecret: () => undefined,
    };

    expect(() => loadConfig(options)).toThrow(expect.objectContaining({ code: 'config-unreadable' }));
  });
});
