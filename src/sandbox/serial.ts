/** Runs tasks of one key one after the other; other keys go on meanwhile. */
export interface Serial {
  run<T>(key: string, task: () => Promise<T>): Promise<T>;
}

/** No task is waiting at first. */
export function createSerial(): Serial {
  const tails = new Map<string, Promise<unknown>>();
  return { run };

  async function run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = tails.get(key) ?? Promise.resolve();
    const own = before.then(task, task);
    tails.set(key, own);
    try {
      return await own;
    } finally {
      if (tails.get(key) === own) tails.delete(key);
    }
  }
}
