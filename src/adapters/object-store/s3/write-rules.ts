import type { Log } from '../../../log.ts';

/** How a bucket is written to, as far as it is known. */
export interface WriteRules {
  /** Writes are conditional until the store says that it does not know conditions. */
  isConditional(): boolean;
  /** The store answered 501; told once. */
  forgetConditions(): void;
}

/** What is known of how buckets are written to, by the url of the bound place. */
export type WriteMemory = (url: string) => WriteRules;

/** Keep one for the life of a process: each store is warned of once. */
export function createWriteMemory(log: Pick<Log, 'warn'>): WriteMemory {
  const known = new Map<string, WriteRules>();
  return (url) => {
    const rules = known.get(url) ?? createWriteRules(url, log);
    known.set(url, rules);
    return rules;
  };
}

function createWriteRules(url: string, log: Pick<Log, 'warn'>): WriteRules {
  let conditional = true;
  return {
    isConditional: () => conditional,
    forgetConditions() {
      if (!conditional) return;
      conditional = false;
      log.warn(
        { store: url },
        'the store does not know conditional writes (If-None-Match): it is asked right before each write whether the address is free, which two writers at one moment can both be told',
      );
    },
  };
}

/** Sent with a write that may not replace anything. */
export const onlyIfAbsent: Readonly<Record<string, string>> = { 'if-none-match': '*' };
