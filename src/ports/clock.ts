/** Time as an argument. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`; rejects with the signal's reason when aborted. Five seconds at most: longer waits are stored. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Runs `then` after `ms` unless the returned function is called first; does not keep the process alive. */
  after(ms: number, then: () => void): () => void;
}
