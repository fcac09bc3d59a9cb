import type { Log } from '../log.ts';
import type { Clock } from '../ports/clock.ts';

/** Logs what strangers can cause as often as they like: once a minute for each key, with the number left out. */
export type LogSparingly = (key: string, fields: object, message: string, level?: 'warn' | 'error') => void;

const everyMs = 60_000;
const mostKeys = 100;

/** Keeps few keys: with more of them than that, some lines come earlier. */
export function createLogSparingly(log: Log, clock: Clock): LogSparingly {
  const last = new Map<string, { readonly at: number; omitted: number }>();
  return (key, fields, message, level = 'warn') => {
    const now = clock.now().getTime();
    const before = last.get(key);
    if (before !== undefined && now - before.at < everyMs) {
      before.omitted += 1;
      return;
    }
    if (last.size >= mostKeys) last.clear();
    last.set(key, { at: now, omitted: 0 });
    log[level]({ ...fields, omitted: before?.omitted ?? 0 }, message);
  };
}
