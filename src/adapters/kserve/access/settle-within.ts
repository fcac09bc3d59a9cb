/** What `asked` settles to; after `ms` an error, after an abort the signal's reason. `asked` itself goes on unheard. */
export function settleWithin<Value>(
  asked: Promise<Value>,
  ms: number,
  signal: AbortSignal,
  late: () => Error,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = (): void => settle(() => reject(signal.reason));
    const timer = setTimeout(() => settle(() => reject(late())), ms);
    function settle(then: () => void): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      then();
    }
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    asked.then(
      (value) => settle(() => resolve(value)),
      (thrown: unknown) => settle(() => reject(thrown)),
    );
  });
}
