import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import type { Clock } from '../../ports/clock.ts';

/** What the keeper of the mirrors' disk needs; bytes and milliseconds. */
export interface MirrorDiskConfig {
  readonly directory: string;
  readonly limits: { readonly diskBytes: number; readonly repositoryBytes: number; readonly inUseMs: number };
  readonly log: Log;
  readonly clock: Clock;
}

/** Keeps mirrors within their bounds. */
export interface MirrorDisk {
  /** Marks the mirror as used; true when it has to be initialised. A suspect one was thrown away. */
  prepare(mirror: string): Promise<boolean>;
  /** Thrown away before it is used next. */
  suspect(mirror: string): void;
  discard(mirror: string): Promise<void>;
  /** Marks the mirror as used before and after the work. */
  using<Result>(mirror: string, work: () => Promise<Result>): Promise<Result>;
  /** Runs work that may write; stops it when the mirror outgrows its bound. @throws UserError `repository-too-large` */
  withinQuota<Result>(
    mirror: string,
    signal: AbortSignal,
    work: (bounded: AbortSignal) => Promise<Result>,
  ): Promise<Result>;
  /** Removes the least recently used mirrors that nobody uses until the rest fits; looks once a minute at most. */
  evict(): Promise<void>;
}

const watchMs = 1000;

/** Counting files is work: sizes are believed for so long, unless something ran long enough to change them. */
const believedMs = 60_000;

interface Measured {
  readonly bytes: number;
  readonly at: number;
}

/** A keeper for one directory of mirrors. */
export function createMirrorDisk(config: MirrorDiskConfig): MirrorDisk {
  const suspects = new Set<string>();
  const used = new Map<string, number>();
  const sizes = new Map<string, Measured>();
  let evictedAt = -Infinity;
  const now = (): number => config.clock.now().getTime();

  async function measure(mirror: string): Promise<number> {
    const bytes = await bytesBelow(mirror);
    sizes.set(mirror, { bytes, at: now() });
    return bytes;
  }

  async function touch(mirror: string): Promise<void> {
    const time = config.clock.now();
    used.set(mirror, time.getTime());
    // The time on disk outlives the process. A mirror that is gone is reported by git, not here.
    await utimes(mirror, time, time).catch(() => undefined);
  }

  async function discard(mirror: string): Promise<void> {
    suspects.delete(mirror);
    sizes.delete(mirror);
    await rm(mirror, { recursive: true, force: true });
  }

  async function watch(mirror: string, ended: AbortSignal, tooLarge: () => void): Promise<void> {
    while (!ended.aborted) {
      await config.clock.sleep(watchMs, ended).catch(() => undefined);
      if (!ended.aborted && (await measure(mirror)) > config.limits.repositoryBytes) return tooLarge();
    }
  }

  /** The size after work that began at a time: counted again where it may be another than the one we know. */
  async function sizeAfter(mirror: string, began: number): Promise<number> {
    const known = sizes.get(mirror);
    const believed = known !== undefined && now() - began < watchMs && now() - known.at < believedMs;
    return believed ? known.bytes : measure(mirror);
  }

  async function survey(): Promise<Surveyed[]> {
    const found: Surveyed[] = [];
    for (const name of await readdir(config.directory)) {
      const path = join(config.directory, name);
      const facts = name.endsWith('.git') ? await stat(path).catch(() => undefined) : undefined;
      if (facts === undefined) continue;
      const bytes = sizes.get(path)?.bytes ?? (await measure(path));
      found.push({ path, bytes, usedAt: used.get(path) ?? facts.mtimeMs });
    }
    return found;
  }

  return {
    discard,
    async prepare(mirror) {
      if (suspects.has(mirror)) await discard(mirror);
      await mkdir(config.directory, { recursive: true });
      const known = await stat(join(mirror, 'HEAD')).catch(() => undefined);
      // A directory without HEAD is what an interrupted initialisation leaves.
      if (known === undefined) await discard(mirror);
      await touch(mirror);
      return known === undefined;
    },
    suspect: (mirror) => void suspects.add(mirror),
    async using(mirror, work) {
      await touch(mirror);
      try {
        return await work();
      } finally {
        await touch(mirror);
      }
    },
    async withinQuota(mirror, signal, work) {
      const began = now();
      const ended = new AbortController();
      const quota = new AbortController();
      const watching = watch(mirror, ended.signal, () => quota.abort(tooLarge(mirror, config)));
      try {
        const result = await work(AbortSignal.any([signal, quota.signal]));
        if ((await sizeAfter(mirror, began)) > config.limits.repositoryBytes) throw tooLarge(mirror, config);
        return result;
      } catch (error) {
        if (error instanceof UserError && error.code === 'repository-too-large') await discard(mirror);
        throw error;
      } finally {
        ended.abort();
        await watching;
      }
    },
    async evict() {
      if (now() - evictedAt < believedMs) return;
      evictedAt = now();
      const mirrors = await survey();
      let total = mirrors.reduce((sum, mirror) => sum + mirror.bytes, 0);
      const idleBefore = now() - config.limits.inUseMs;
      for (const mirror of mirrors.sort((a, b) => a.usedAt - b.usedAt)) {
        if (total <= config.limits.diskBytes) return;
        // Somebody may have come back to it while we removed others.
        if ((used.get(mirror.path) ?? mirror.usedAt) > idleBefore) continue;
        config.log.info({ mirror: mirror.path, bytes: mirror.bytes }, 'mirror evicted');
        await discard(mirror.path);
        used.delete(mirror.path);
        total -= mirror.bytes;
      }
    },
  };
}

function tooLarge(mirror: string, config: MirrorDiskConfig): UserError {
  return new UserError(
    'repository-too-large',
    `The mirror ${mirror} outgrew ${config.limits.repositoryBytes} bytes although no file contents were asked for.`,
    'Let the host serve partial clones (`uploadpack.allowFilter`), or raise the bound of a mirror.',
  );
}

interface Surveyed {
  readonly path: string;
  readonly bytes: number;
  readonly usedAt: number;
}

/** Files may vanish while they are counted: git renames and removes packs. */
async function bytesBelow(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of entries) {
    if (!entry.isFile()) continue;
    bytes += (await stat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  }
  return bytes;
}
