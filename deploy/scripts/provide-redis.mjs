import { spawnSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const names = ['redis-server', 'valkey-server'];

/**
 * Environment variables that give the product and its tests a Redis server: the one that REDIS_URL names, a binary
 * on the PATH, or Debian's package, installed where we are root and otherwise unpacked below the cache folder.
 */
export function provideRedis(cache, env) {
  const found = env.MODELGATE_REDIS_SERVER ?? onPath(env) ?? inCache(cache);
  if (found !== undefined) return { MODELGATE_REDIS_SERVER: found };
  if (env.REDIS_URL) return {};
  console.error("modelgate: no redis-server on the PATH, getting Debian's package …");
  const brought = process.getuid?.() === 0 ? install(env) : unpack(cache);
  if (brought !== undefined) return { MODELGATE_REDIS_SERVER: brought };
  throw new Error(
    'no Redis server: install redis-server (Debian, Ubuntu) or redis (Fedora, Homebrew), or set REDIS_URL to a server of your own',
  );
}

function onPath(env) {
  for (const folder of (env.PATH ?? '').split(delimiter)) {
    for (const name of names) {
      const file = join(folder, name);
      if (isExecutable(file)) return file;
    }
  }
  return undefined;
}

function inCache(cache) {
  const file = join(cache, 'redis', 'redis-server');
  return runs(file) ? file : undefined;
}

function install(env) {
  const apt = (...args) => run('apt-get', args, { env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } });
  if (!apt('install', '-y', '-q', '--no-install-recommends', 'redis-server')) {
    apt('update', '-q');
    apt('install', '-y', '-q', '--no-install-recommends', 'redis-server');
  }
  return onPath(env);
}

/**
 * Without root: Debian's packages, with the libraries that a small machine may lack, unpacked below the cache folder
 * and started through a wrapper that knows where they are. Package lists are kept there too.
 */
function unpack(cache) {
  const folder = join(cache, 'redis');
  mkdirSync(join(folder, 'lists', 'partial'), { recursive: true });
  mkdirSync(join(folder, 'archives', 'partial'), { recursive: true });
  const own = ['-q', '-o', `Dir::State::Lists=${folder}/lists`, '-o', `Dir::Cache=${folder}`];
  run('apt-get', [...own, 'update'], { cwd: folder });
  const libraries = ['libatomic1', 'libcap2', 'libjemalloc2', 'liblzf1', 'libsystemd0', 'libssl3'];
  for (const name of ['redis-server', 'redis-tools', ...libraries])
    run('apt-get', [...own, 'download', name], { cwd: folder });
  for (const file of readdirSync(folder).filter((name) => name.endsWith('.deb')))
    run('dpkg', ['-x', file, '.'], { cwd: folder });
  const wrapper = [
    '#!/bin/sh',
    'here=$(dirname "$(readlink -f "$0")")',
    'for lib in "$here"/usr/lib/*/ "$here"/lib/*/; do LD_LIBRARY_PATH="$LD_LIBRARY_PATH${LD_LIBRARY_PATH:+:}$lib"; done',
    'export LD_LIBRARY_PATH',
    'exec "$here/usr/bin/redis-server" "$@"',
  ];
  writeFileSync(join(folder, 'redis-server'), `${wrapper.join('\n')}\n`, { mode: 0o755 });
  return inCache(cache);
}

function runs(file) {
  return isExecutable(file) && spawnSync(file, ['--version'], { stdio: 'ignore' }).status === 0;
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run(command, args, options = {}) {
  return spawnSync(command, args, { stdio: ['ignore', 'ignore', 'inherit'], ...options }).status === 0;
}
