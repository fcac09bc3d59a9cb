import type { Log } from '../../../log.ts';

/** How a bucket is written to, as far as it is known. */
export interface WriteRules {
  /** Writes are conditional until the store says that it does not know conditions. */
  isConditional(): boolean;
  /** The store answered 501; told once. */
  forgetConditions(): void;
}

/** One for each bound place, for the life of a process. */
export function createWriteRules(url: string, log: Pick<Log, 'warn'>): WriteRules {
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
