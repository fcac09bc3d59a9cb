/** Work that goes on after the answer: deliveries, pipelines. */
export interface Background {
  /** Runs a task now or after `ms`; its failure is kept for `idle` to throw. */
  start(task: () => Promise<void> | void, ms?: number): void;
  /** Resolves when nothing is under way. @throws the first failure since the last call. */
  idle(): Promise<void>;
  /** Drops what has not begun, aborts `stopping`, and waits for what is under way. */
  stop(): Promise<void>;
  readonly stopping: AbortSignal;
}

/** Nothing is under way at first. */
export function createBackground(): Background {
  const running = new Set<Promise<void>>();
  const timers = new Map<NodeJS.Timeout, () => void>();
  const failures: unknown[] = [];
  const stopping = new AbortController();
  return { start, idle, stop, stopping: stopping.signal };

  function start(task: () => Promise<void> | void, ms = 0): void {
    if (stopping.signal.aborted) return;
    const work = later(ms).then(() => (stopping.signal.aborted ? undefined : task()));
    const tracked = work
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(tracked));
    running.add(tracked);
  }

  function later(ms: number): Promise<void> {
    if (ms === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.set(timer, resolve);
    });
  }

  async function idle(): Promise<void> {
    while (running.size > 0) await Promise.all(running);
    const [failure] = failures.splice(0);
    if (failure !== undefined) throw failure instanceof Error ? failure : new Error('background work failed');
  }

  async function stop(): Promise<void> {
    stopping.abort();
    for (const [timer, resolve] of timers) {
      clearTimeout(timer);
      resolve();
    }
    timers.clear();
    while (running.size > 0) await Promise.all(running);
  }
}
