/** Runs work one at a time per key, in the order asked; a failure does not hold up those behind it. */
export type Exclusive = <Result>(key: string, work: () => Promise<Result>) => Promise<Result>;

/** A set of queues inside this process. */
export function createExclusive(): Exclusive {
  const tails = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const before = tails.get(key);
    const mine = before === undefined ? work() : before.then(work, work);
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}
