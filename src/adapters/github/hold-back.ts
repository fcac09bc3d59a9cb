import { RetryableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Authority } from './tokens.ts';

/** Limits are those of an installation, or of a token: whoever meets one makes everything on its behalf wait. */
export interface HoldBack {
  /** @throws RetryableError while GitHub wants no request on this behalf; nothing is sent then. */
  check(as: Authority): void;
  /** GitHub wants none for so long. Milliseconds. */
  wait(as: Authority, ms: number): void;
}

/** Holds nothing back at first. */
export function createHoldBack(host: string, clock: Pick<Clock, 'now'>): HoldBack {
  const until = new Map<number | undefined, number>();
  const keyOf = (as: Authority): number | undefined => (as.kind === 'app' ? undefined : as.installationId);

  return {
    check(as) {
      const left = (until.get(keyOf(as)) ?? 0) - clock.now().getTime();
      if (left <= 0) return;
      const message = `${host} had too many requests of ours and asked us to wait: none is sent for now`;
      throw new RetryableError(message, { retryAfter: left });
    },
    wait(as, ms) {
      const end = clock.now().getTime() + ms;
      until.set(keyOf(as), Math.max(end, until.get(keyOf(as)) ?? 0));
    },
  };
}
