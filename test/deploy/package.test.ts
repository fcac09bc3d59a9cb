import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeRepository } from '../support/git-repository.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');

describe('the package as npm packs it', () => {
  let folder: string;
  let main: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'modelgate-package-'));
    await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: root });
    const [archive] = await readdir(folder);
    await run('tar', ['-xzf', join(folder, archive ?? '')], { cwd: folder });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    main = join(folder, 'package', 'dist', 'main.js');
  }, 120_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('it holds what is built, the docs and the example, and neither sources nor tests', async () => {
    const entries = await readdir(join(folder, 'package'));

    expect(entries.toSorted()).toEqual([
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist',
      'docs',
      'examples',
      'package.json',
    ]);
  });

  test('what its README links to — is in it', async () => {
    const text = await readFile(join(folder, 'package', 'README.md'), 'utf8');
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, link = '']) => link);

    expect(links).toContain('SECURITY.md');
    const broken = links.filter((link) => !existsSync(join(folder, 'package', link)));
    expect(broken).toEqual([]);
  });

  test('it tells its version, and helps', async () => {
    const version = await run(process.execPath, [main, '--version']);
    const help = await run(process.execPath, [main, 'check', '--help']);

    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(help.stdout).toContain('--format');
  });

  test('it judges a working copy', async () => {
    const copy = join(folder, 'copy');
    await makeRepository(copy, [
      { branch: 'main', files: { 'README.md': 'one\n' } },
      { branch: 'change', from: 'main', files: { 'README.md': 'two\n' } },
    ]);

    const { stdout } = await run(process.execPath, [main, 'check', '--target', 'main'], { cwd: copy });

    expect(stdout).toContain('nothing to check');
  });

  test('a command that does not exist is refused with the list of those that do', async () => {
    const refused = run(process.execPath, [main, 'chekc']);

    await expect(refused).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('check') });
  });
});
