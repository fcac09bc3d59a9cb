/** Something that will happen to a service. */
export interface Entry<T> {
  readonly about: T;
  readonly at: number;
  readonly act: (at: number) => void | Promise<void>;
}

/** What will happen, by time. */
export interface Agenda<T> {
  add(about: T, at: number, act: Entry<T>['act']): void;
  /** The earliest entry that is due, taken off; of equal times the one that was added first. */
  take(now: number): Entry<T> | undefined;
}

/** Nothing is due at first. */
export function createAgenda<T>(): Agenda<T> {
  const entries: Entry<T>[] = [];
  return { add, take };

  function add(about: T, at: number, act: Entry<T>['act']): void {
    const index = entries.findIndex((entry) => entry.at > at);
    entries.splice(index < 0 ? entries.length : index, 0, { about, at, act });
  }

  function take(now: number): Entry<T> | undefined {
    const [first] = entries;
    return first !== undefined && first.at <= now ? entries.shift() : undefined;
  }
}
