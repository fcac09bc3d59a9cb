import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const lock: { readonly packages: Readonly<Record<string, { readonly version?: string }>> } = JSON.parse(
  readFileSync(join(import.meta.dirname, '..', '..', 'package-lock.json'), 'utf8'),
);

/** Whether npm can install a package of ours here: its registry answers, or its cache has what is asked for. */
export function canInstallPackages(): boolean {
  const spec = `fastify@${lock.packages['node_modules/fastify']?.version ?? ''}`;
  const options = { timeout: 15_000, stdio: 'ignore' } as const;
  return (
    spawnSync('npm', ['view', '--prefer-offline', '--fetch-retries=0', spec, 'version'], options).status === 0
  );
}
