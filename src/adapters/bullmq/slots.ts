/** The slots of one queue in one worker: a repository takes at most half of them, so that others get their turn. */
export interface Slots {
  /** Gives a slot, to be given back by the returned function, or undefined when the repository has its half. */
  take(repository: string): (() => void) | undefined;
}

/** `count` is the queue's concurrency; with one slot every repository may have it. */
export function createSlots(count: number): Slots {
  const share = Math.max(1, Math.floor(count / 2));
  const taken = new Map<string, number>();
  return {
    take(repository) {
      const mine = taken.get(repository) ?? 0;
      if (mine >= share) return undefined;
      taken.set(repository, mine + 1);
      return () => {
        const left = (taken.get(repository) ?? 1) - 1;
        if (left === 0) taken.delete(repository);
        else taken.set(repository, left);
      };
    },
  };
}
