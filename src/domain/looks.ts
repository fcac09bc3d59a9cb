import type { Looks } from './run.ts';

/** When the data remotes are asked again: milliseconds. */
export interface LookSchedule {
  /** Waits before the first looks, in order. */
  readonly after: readonly number[];
  /** The wait between all later ones. */
  readonly then: number;
  /** How long after the verdict we go on looking. */
  readonly until: number;
}

/** The looks of a verdict that was just given. */
export function firstLook(now: Date, schedule: LookSchedule): Looks {
  return { count: 0, since: now.toISOString(), next: plus(now, schedule.after[0] ?? schedule.then) };
}

/** The looks after one more of them changed nothing; `next` is undefined when it was the last. */
export function nextLook(looks: Looks, now: Date, schedule: LookSchedule): Looks {
  const count = looks.count + 1;
  const next = plus(now, schedule.after[count] ?? schedule.then);
  const last = new Date(looks.since).getTime() + schedule.until;
  return { ...looks, count, next: new Date(next).getTime() <= last ? next : undefined };
}

function plus(now: Date, ms: number): string {
  return new Date(now.getTime() + ms).toISOString();
}
