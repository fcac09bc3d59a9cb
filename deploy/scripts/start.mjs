#!/usr/bin/env node
// Runs a command of the project on any machine with git, Node 20 and npm: installs the packages when they are
// missing, finds or provides a Redis server, and goes on with the project's own Node. No dependencies.
//
//   node deploy/scripts/start.mjs <script.ts | binary of node_modules/.bin> [arguments]
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from './install-packages.mjs';
import { provideRedis } from './provide-redis.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

try {
  const node = installPackages(root);
  const redis = provideRedis(join(root, '.cache'), process.env);
  const [command, ...rest] = process.argv.slice(2);
  const bin = join(root, 'node_modules', '.bin', command ?? '');
  const script = command?.endsWith('.ts') ? join(root, command) : bin;
  if (command === undefined || !existsSync(script))
    throw new Error(`nothing to run: ${command ?? '(no command)'}`);
  const env = { ...process.env, ...redis, PATH: `${dirname(node)}:${process.env.PATH}` };
  const child = spawn(node, [script, ...rest], { cwd: root, env, stdio: 'inherit' });
  // A terminal sends Ctrl-C to the child as well; sent on, it would arrive twice, and twice means at once.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.on(signal, () => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.on('exit', (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
} catch (error) {
  console.error(`modelgate: ${error.message}`);
  process.exit(1);
}
