/** A list that forgets its oldest entries, so that a sandbox that runs for days stays small. */
export interface Recent<T> {
  readonly entries: readonly T[];
  add(entry: T): void;
  clear(): void;
}

/** Keeps the newest `limit` entries. */
export function createRecent<T>(limit: number): Recent<T> {
  const entries: T[] = [];
  return {
    entries,
    add(entry) {
      entries.push(entry);
      if (entries.length > limit) entries.splice(0, entries.length - limit);
    },
    clear() {
      entries.length = 0;
    },
  };
}
