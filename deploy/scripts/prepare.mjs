#!/usr/bin/env node
// Builds the package where it is installed or packed: npm runs this after an install in a clone, before `npm pack`, and for an
// installation from git, which is what pre-commit does. A clone runs from its sources: there a build that fails is only told.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

const { npm_command: command, npm_config_global: global, _PACOTE_NO_PREPARE_: fromGit } = process.env;
const isBare = !existsSync(join(root, 'node_modules', '.bin', 'tsc'));
// npm sets the last one where it installs the packages of what it is to prepare from git.
const isClone = ['ci', 'install'].includes(command) && global !== 'true' && fromGit === undefined;

if (isBare && isClone) {
  console.error('modelgate: not built, because the packages that build it are left out');
} else {
  // `npm install --global git+…` prepares the clone as if it were to be global itself, and leaves it without packages.
  if (isBare) npm('ci', '--global=false', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
  npm('run', 'build');
}

function npm(...args) {
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status === 0) return;
  if (isClone)
    console.error('modelgate: the package could not be built; only `npm pack` and `npm start` need it');
  else process.exit(status ?? 1);
}
