/** Does the work for each item, at most `most` at a time; the first failure rejects, after which nothing new starts. */
export async function inParallel<Item>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  // One iterator for all runners: each takes the next item that no other has.
  const rest = items.values();
  let failed = false;
  async function run(): Promise<void> {
    for (const item of rest) {
      if (failed) return;
      try {
        await work(item);
      } catch (thrown) {
        failed = true;
        throw thrown;
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(most, items.length) }, run));
}
