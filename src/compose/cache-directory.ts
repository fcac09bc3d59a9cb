import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Log } from '../log.ts';

/** Who asks for a directory. */
export interface CacheOwner {
  readonly host: string;
  readonly pid: number;
  /** Whether a process of this host still runs. */
  isAlive(pid: number): boolean;
}

/**
 * The worker's own directory below the configured one. Directories of workers of this host that ended, killed or not,
 * are removed: nobody else would. Those of other hosts, which may share the disk, are left alone.
 */
export async function claimCacheDirectory(parent: string, owner: CacheOwner, log: Log): Promise<string> {
  const prefix = `mirrors-${owner.host}-`;
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names) {
    const pid = name.startsWith(prefix) ? /^\d+$/.exec(name.slice(prefix.length))?.[0] : undefined;
    if (pid === undefined || Number(pid) === owner.pid || owner.isAlive(Number(pid))) continue;
    log.info({ directory: name }, 'the cache of a worker that ended is removed');
    await rm(join(parent, name), { recursive: true, force: true });
  }
  return join(parent, `${prefix}${owner.pid}`);
}

/** Whether a process has this id; one that is not ours to signal counts. */
export function isProcessAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
