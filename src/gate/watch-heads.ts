import { AbortError } from '../errors.ts';
import type { Sha } from '../domain/repository.ts';
import type { Subject } from '../domain/subject.ts';
import type { Clock } from '../ports/clock.ts';
import type { RunStore } from '../ports/run-store.ts';

const intervalMs = 2000;

/**
 * Aborts with `superseded` when the host names a head that was not known when the work began. The poke that came with
 * it runs next. `judging`: the head that is worked on, which is no newer one however late it is named. Returns the signal to
 * work under, and what ends the watch.
 */
export async function watchHeads(
  subject: Subject,
  deps: { readonly store: RunStore; readonly clock: Clock },
  signal: AbortSignal,
  judging?: Sha,
): Promise<{ readonly signal: AbortSignal; readonly stop: () => void }> {
  const superseded = new AbortController();
  const known = new Set<Sha | undefined>([judging, ...(await deps.store.heads(subject))]);
  let stopped = false;
  let cancel = (): void => {};
  const look = async (): Promise<void> => {
    const heads = await deps.store.heads(subject).catch(() => []);
    if (stopped) return;
    if (heads.some((head) => !known.has(head))) superseded.abort(new AbortError('superseded'));
    else arm();
  };
  const arm = (): void => {
    cancel = deps.clock.after(intervalMs, () => void look());
  };
  arm();
  const stop = (): void => {
    stopped = true;
    cancel();
  };
  return { signal: AbortSignal.any([signal, superseded.signal]), stop };
}
