import type { KeyRow } from './key-row.ts';

/** Releases are looked at for longer than runs: what serves today may have been released months ago. */
const keptMs = 180 * 24 * 60 * 60 * 1000;

/** The keys of `release-store.ts`. */
export const releaseKeys = {
  release: {
    pattern: '<prefix>:release:<release>',
    type: 'string',
    owner: 'redis/release-store.ts',
    version: 1,
    ttlMs: keptMs,
  },
  releases: {
    pattern: '<prefix>:releases',
    type: 'zset',
    owner: 'redis/release-store.ts',
    version: undefined,
    ttlMs: keptMs,
  },
  lineReleases: {
    pattern: '<prefix>:releases:<line>',
    type: 'zset',
    owner: 'redis/release-store.ts',
    version: undefined,
    ttlMs: keptMs,
  },
  line: {
    pattern: '<prefix>:line:<line>',
    type: 'string',
    owner: 'redis/release-store.ts',
    version: 1,
    ttlMs: undefined,
  },
  lines: {
    pattern: '<prefix>:lines',
    type: 'zset',
    owner: 'redis/release-store.ts',
    version: undefined,
    ttlMs: undefined,
  },
} as const satisfies Readonly<Record<string, KeyRow>>;
