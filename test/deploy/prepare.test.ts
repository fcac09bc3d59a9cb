import { spawnSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

let root: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'modelgate-prepare-'));
  await mkdir(join(root, 'deploy', 'scripts'), { recursive: true });
  await copyFile('deploy/scripts/prepare.mjs', join(root, 'deploy', 'scripts', 'prepare.mjs'));
  await writeFile(join(root, 'package.json'), JSON.stringify({ name: 'x', scripts: { build: 'exit 3' } }));
});
afterEach(() => rm(root, { recursive: true, force: true }));

/** Prepares a package whose build fails, as npm does during a command of it. */
function prepare(env: Readonly<Record<string, string>>) {
  const { npm_config_global: _, _PACOTE_NO_PREPARE_: __, ...rest } = process.env;
  const script = join(root, 'deploy', 'scripts', 'prepare.mjs');
  return spawnSync(process.execPath, [script], { cwd: root, env: { ...rest, ...env }, encoding: 'utf8' });
}

describe('a build that fails', () => {
  beforeEach(async () => {
    await mkdir(join(root, 'node_modules', '.bin'), { recursive: true });
    await writeFile(join(root, 'node_modules', '.bin', 'tsc'), '');
  });

  test.each(['ci', 'install'])('npm %s in a clone — goes on, with a word', (command) => {
    const { status, stderr } = prepare({ npm_command: command });

    expect(stderr).toContain('could not be built');
    expect(status).toBe(0);
  });

  test.each([{ npm_command: 'pack' }, { npm_command: 'install', _PACOTE_NO_PREPARE_: 'x' }])(
    '%o — makes no package',
    (env) => expect(prepare(env).status).not.toBe(0),
  );
});

test('a clone without the packages that build — is not built, and gets none', () => {
  const { status, stderr } = prepare({ npm_command: 'ci' });

  expect(stderr).toContain('not built');
  expect(status).toBe(0);
});
