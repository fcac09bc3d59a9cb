import { describe, expect, test } from 'vitest';
import { createClock } from '../../../src/adapters/system/clock.ts';

const clock = createClock();
const never = new AbortController().signal;

describe('clock', () => {
  test('now — the time of the machine', () => {
    expect(Math.abs(clock.now().getTime() - Date.now())).toBeLessThan(1000);
  });

  test('sleep — resolves, and not before its time', async () => {
    const start = performance.now();
    await clock.sleep(20, never);
    expect(performance.now() - start).toBeGreaterThan(15);
  });

  test('sleep — aborted before or meanwhile — rejects with the reason of the signal', async () => {
    const reason = new Error('shutdown');
    await expect(clock.sleep(5000, AbortSignal.abort(reason))).rejects.toBe(reason);

    const controller = new AbortController();
    const sleeping = clock.sleep(5000, controller.signal);
    controller.abort(reason);
    await expect(sleeping).rejects.toBe(reason);
  });

  test('sleep — longer than five seconds — refused, because such waits are stored', async () => {
    await expect(clock.sleep(5001, never)).rejects.toThrow(/stored wake-up/);
    await expect(clock.sleep(Number.NaN, never)).rejects.toThrow(/stored wake-up/);
  });

  test('after — runs later; a cancelled one does not', async () => {
    const ran: string[] = [];
    const cancel = clock.after(1, () => ran.push('cancelled'));
    clock.after(5, () => ran.push('kept'));
    cancel();

    await expect.poll(() => ran).toEqual(['kept']);
  });
});
