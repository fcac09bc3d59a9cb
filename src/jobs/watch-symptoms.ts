import type { OperationsState } from '../domain/operations.ts';
import { symptomsOf } from '../domain/symptoms.ts';
import type { StuckLimits, Symptom } from '../domain/symptoms.ts';
import type { Log } from '../log.ts';
import type { Clock } from '../ports/clock.ts';

export interface WatchDeps {
  readonly state: () => Promise<OperationsState>;
  readonly limits: StuckLimits;
  readonly everyMs: number;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * Looks now and then whether something is stuck, and logs it: once as an error when it begins, once when it is over.
 * While Redis is away nothing is known, and others say so.
 */
export function watchSymptoms(deps: WatchDeps): { stop(): void } {
  const { clock, log } = deps;
  let known = new Map<string, Symptom>();
  let stopped = false;
  let cancel = (): void => undefined;

  async function look(): Promise<void> {
    const state = await deps.state().catch(() => undefined);
    if (state === undefined || stopped) return;
    const symptoms = symptomsOf(state, clock.now(), deps.limits).filter(({ level }) => level === 'error');
    const found = new Map(symptoms.map((symptom) => [`${symptom.code} ${symptom.subject}`, symptom]));
    for (const [key, { code, what, remedy }] of found)
      if (!known.has(key)) log.error({ symptom: code, what, remedy }, 'something is stuck');
    for (const [key, { code, subject }] of known)
      if (!found.has(key)) log.info({ symptom: code, subject }, 'it is not stuck any more');
    known = found;
  }

  function wait(): void {
    cancel = clock.after(deps.everyMs, () => void look().finally(() => void (stopped || wait())));
  }

  wait();
  return {
    stop() {
      stopped = true;
      cancel();
    },
  };
}
