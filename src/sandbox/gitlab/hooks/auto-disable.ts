import type { Hook } from '../state.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
/** Consecutive failures that are forgiven. */
const forgiven = 3;
/** The failure that disables a hook until a test succeeds. */
const fatal = 40;

/** How a hook stands (specs git-hosts 1.3). */
export type AlertStatus = 'executable' | 'temporarily_disabled' | 'disabled';

/** The pause after the nth consecutive failure in milliseconds, 0 for none, or for good. */
export function pauseAfter(failures: number): number | 'for-good' {
  if (failures >= fatal) return 'for-good';
  if (failures <= forgiven) return 0;
  return Math.min(minuteMs * 2 ** (failures - forgiven - 1), dayMs);
}

/** Counts an answer; 2xx and 3xx are successes. */
export function countAnswer(hook: Hook, succeeded: boolean, now: Date): void {
  hook.recentFailures = succeeded ? 0 : hook.recentFailures + 1;
  const pause = succeeded ? 0 : pauseAfter(hook.recentFailures);
  hook.disabledUntil = pause === 'for-good' || pause === 0 ? undefined : new Date(now.getTime() + pause);
}

/** Whether events reach the hook now. While it is disabled they are dropped, not kept. */
export function alertStatus(hook: Hook, now: Date): AlertStatus {
  if (hook.recentFailures >= fatal) return 'disabled';
  return hook.disabledUntil !== undefined && hook.disabledUntil > now ? 'temporarily_disabled' : 'executable';
}
