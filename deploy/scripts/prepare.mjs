#!/usr/bin/env node
// Builds the package where it is installed or packed: npm runs this after an install in a clone, before `npm pack`, and for an
// installation from git, which is what pre-commit does.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

// `npm install --global git+…` prepares the clone as if it were to be global itself, and leaves it without packages.
if (!existsSync(join(root, 'node_modules', '.bin', 'tsc')))
  npm('ci', '--global=false', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund');
npm('run', 'build');

function npm(...args) {
  const { status, error } = spawnSync('npm', args, { cwd: root, stdio: 'inherit' });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}
