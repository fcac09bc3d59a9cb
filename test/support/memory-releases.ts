import { StaleRecordError } from '../../src/errors.ts';
import { lineKey, type Release, type ReleaseLine } from '../../src/domain/release.ts';
import type { ReleaseStore } from '../../src/ports/release-store.ts';

/** Releases in memory, with the revisions of the real ones, and a way to lose them. */
export interface MemoryReleases extends ReleaseStore {
  readonly releases: Map<string, Release>;
  readonly byLine: Map<string, ReleaseLine>;
}

export function createMemoryReleases(): MemoryReleases {
  const releases = new Map<string, Release>();
  const byLine = new Map<string, ReleaseLine>();

  function save<T extends { readonly rev: number }>(map: Map<string, T>, key: string, record: T): T {
    if ((map.get(key)?.rev ?? 0) !== record.rev) throw new StaleRecordError(`${key} was written meanwhile`);
    const saved = { ...record, rev: record.rev + 1 };
    map.set(key, saved);
    return saved;
  }

  return {
    releases,
    byLine,
    loadLine: async (line) => byLine.get(lineKey(line)),
    saveLine: async (line) => save(byLine, lineKey(line.line), line),
    loadRelease: async (id) => releases.get(id),
    saveRelease: async (release) => save(releases, release.id, release),
    lines: async () =>
      [...byLine].toSorted(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => line),
    async list({ line, offset = 0, limit }) {
      const listed = [...releases.values()]
        .filter((release) => line === undefined || lineKey(release.line) === lineKey(line))
        .toSorted((one, other) =>
          one.began === other.began ? (one.id < other.id ? 1 : -1) : one.began < other.began ? 1 : -1,
        );
      return listed.slice(offset, offset + Math.max(0, limit));
    },
  };
}
