import { setMaxListeners } from 'node:events';

/**
 * Maps items to results in their order, with at most `limit` at work. The first thing thrown stops the rest and is
 * thrown. The work gets a signal of its own: dozens of requests listening to the caller's would make Node warn of a leak.
 */
export async function mapBounded<Item, Result>(
  items: readonly Item[],
  limit: number,
  signal: AbortSignal,
  work: (item: Item, signal: AbortSignal) => Promise<Result>,
): Promise<readonly Result[]> {
  const stop = new AbortController();
  const inner = AbortSignal.any([signal, stop.signal]);
  setMaxListeners(0, inner);
  const results: Result[] = Array.from({ length: items.length });
  const queue = items.entries();
  async function drain(): Promise<void> {
    for (const [index, item] of queue) {
      signal.throwIfAborted();
      results[index] = await work(item, inner);
    }
  }
  const lanes = Array.from({ length: Math.min(limit, items.length) }, async () => {
    try {
      await drain();
    } catch (thrown) {
      stop.abort(thrown);
      throw thrown;
    }
  });
  await Promise.all(lanes);
  return results;
}
