/** A poke that is due later. The payload is kept as it came: a newer version may have written it. */
export interface WakeUp {
  /** One wake-up for each key; the newest replaces it. */
  readonly key: string;
  /** The queue that is poked. */
  readonly queue: string;
  readonly payload: WakeUpPayload;
  readonly at: Date;
}

/** `{ v, kind, ids }` of a job, of any version; what a newer one wrote beside them is kept. */
export interface WakeUpPayload {
  readonly v: number;
  readonly kind: string;
  readonly ids: Readonly<Record<string, string | number>>;
  /** How often it has been tried in vain; undefined: never. */
  readonly failures?: number | undefined;
  /** When the delivery came that it was poked for, in ms since 1970, until it is run; undefined: nobody waits for it. */
  readonly arrived?: number | undefined;
}

/** Wake-up times that outlive every process. */
export interface WakeUps {
  put(wakeUp: WakeUp): Promise<void>;
  /**
   * Pokes what is due, oldest first, at most `limit`, and returns how many. A wake-up is removed after its poke, and
   * only if nobody replaced it meanwhile: dying in between pokes twice and loses nothing. One that a newer version
   * stored stays, and so does one for which `poke` resolves to false, because nobody here knows its queue.
   */
  takeDue(now: Date, limit: number, poke: (wakeUp: WakeUp) => Promise<boolean>): Promise<number>;
  /** How many are stored, and when the first is due. */
  pending(): Promise<{ readonly count: number; readonly next: Date | undefined }>;
}
