/** A rule that makes matching requests go wrong. */
export interface FaultRule<Request, Fault> {
  readonly when: (request: Request) => boolean;
  readonly fault: Fault;
  /** How many requests it hits; without it, all. */
  readonly times?: number;
}

/** The faults that are armed. */
export interface Faults<Request, Fault> {
  /** Arms a rule; the returned function disarms it. Older rules win. */
  add(rule: FaultRule<Request, Fault>): () => void;
  /** The fault for this request, counted as used. */
  take(request: Request): Fault | undefined;
  clear(): void;
}

/** No fault is armed at first. */
export function createFaults<Request, Fault>(): Faults<Request, Fault> {
  const armed = new Map<FaultRule<Request, Fault>, number>();
  return { add, take, clear: () => armed.clear() };

  function add(rule: FaultRule<Request, Fault>): () => void {
    const own = { ...rule };
    armed.set(own, rule.times ?? Number.POSITIVE_INFINITY);
    return () => void armed.delete(own);
  }

  function take(request: Request): Fault | undefined {
    for (const [rule, left] of armed) {
      if (!rule.when(request)) continue;
      if (left <= 1) armed.delete(rule);
      else armed.set(rule, left - 1);
      return rule.fault;
    }
    return undefined;
  }
}
