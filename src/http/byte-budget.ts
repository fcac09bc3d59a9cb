/** Bytes that request bodies may take at the same time. */
export interface ByteBudget {
  /**
   * Waits for so many bytes, first come, first served, and returns the function that gives them back; undefined when
   * they were not free in time.
   */
  take(bytes: number, waitMs: number): Promise<(() => void) | undefined>;
  readonly free: () => number;
}

interface Waiter {
  readonly bytes: number;
  readonly go: (granted: boolean) => void;
}

/** `after` is the clock's timer. */
export function createByteBudget(
  total: number,
  after: (ms: number, then: () => void) => () => void,
): ByteBudget {
  let free = total;
  let waiting: readonly Waiter[] = [];

  function serve(): void {
    for (let first = waiting[0]; first !== undefined && first.bytes <= free; first = waiting[0]) {
      waiting = waiting.slice(1);
      free -= first.bytes;
      first.go(true);
    }
  }

  function giveBackOnce(bytes: number): () => void {
    let given = false;
    return () => {
      if (!given) free += bytes;
      given = true;
      serve();
    };
  }

  return {
    async take(wanted, waitMs) {
      const bytes = Math.min(wanted, total);
      if (waiting.length === 0 && bytes <= free) {
        free -= bytes;
        return giveBackOnce(bytes);
      }
      const granted = await new Promise<boolean>((resolve) => {
        const waiter: Waiter = { bytes, go: resolve };
        waiting = [...waiting, waiter];
        after(waitMs, () => {
          waiting = waiting.filter((other) => other !== waiter);
          resolve(false);
          serve();
        });
      });
      return granted ? giveBackOnce(bytes) : undefined;
    },
    free: () => free,
  };
}
