import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Installs the locked packages unless they are there, and returns the path of the Node that comes with them.
 * The lockfile that npm leaves in node_modules tells whether an earlier installation is still the right one.
 */
export function installPackages(root) {
  const node = join(root, 'node_modules', 'node', 'bin', 'node');
  if (existsSync(node) && isCurrent(root)) return node;
  console.error('modelgate: installing packages …');
  const npm = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (npm.error) throw new Error(`npm could not be started (${npm.error.message}); install npm 10 or newer`);
  if (npm.status !== 0) throw new Error('npm ci failed; the lines above say why');
  if (!existsSync(node))
    throw new Error(
      'the package "node" did not bring its binary: run "npm rebuild node" (its install script must be allowed)',
    );
  return node;
}

/** Whether every package of the lockfile is installed in the locked version. */
function isCurrent(root) {
  try {
    const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    const found = JSON.parse(readFileSync(join(root, 'node_modules', '.package-lock.json'), 'utf8')).packages;
    return Object.entries(wanted).every(
      ([path, entry]) =>
        path === '' || entry.optional || entry.peer || found[path]?.version === entry.version,
    );
  } catch {
    return false;
  }
}
