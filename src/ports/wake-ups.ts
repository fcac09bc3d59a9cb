/** A poke that is due later. The payload is kept as it came: a newer version may have written it. */
export interface WakeUp {
  /** One wake-up for each key; the newest replaces it. */
  readonly key: string;
  /** The queue that is poked. */
  readonly queue: string;
  readonly payload: WakeUpPayload;
  readonly at: Date;
}

/** `{ v, kind, ids }` of a job, of any version. */
export interface WakeUpPayload {
  readonly v: number;
  readonly kind: string;
  readonly ids: Readonly<Record<string, string | number>>;
}

/** Wake-up times that outlive every process. */
export interface WakeUps {
  put(wakeUp: WakeUp): Promise<void>;
  /**
   * Pokes what is due, oldest first, at most `limit`, and returns how many. A wake-up is removed after its poke, and
   * only if nobody replaced it meanwhile: dying in between pokes twice and loses nothing.
   */
  takeDue(now: Date, limit: number, poke: (wakeUp: WakeUp) => Promise<void>): Promise<number>;
  /** How many are stored, and when the first is due. */
  pending(): Promise<{ readonly count: number; readonly next: Date | undefined }>;
}
