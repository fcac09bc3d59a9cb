import { describe, expect, test } from 'vitest';
import type { OperationsState } from '../../src/domain/operations.ts';
import { watchSymptoms } from '../../src/jobs/watch-symptoms.ts';
import { createHandClock } from '../support/hand-clock.ts';
import { createKeptLog } from '../support/log.ts';

const well: OperationsState = {
  pause: undefined,
  queues: [],
  wakeUps: { count: 0, next: undefined },
  workers: [
    {
      id: 'h-1',
      host: 'h',
      pid: 1,
      version: '1.0.0',
      queues: ['gate'],
      jobs: [],
      started: '',
      at: '',
      loopDelayMs: 0,
    },
  ],
  failed: 3,
};

describe('the watch', () => {
  test('stuck, still stuck, unknown, well again, stopped — one error and one line that it is over', async () => {
    const clock = createHandClock();
    const { log, lines } = createKeptLog();
    let state: OperationsState | undefined = well;
    let asked = 0;
    const watch = watchSymptoms({
      state: () => {
        asked += 1;
        return state === undefined ? Promise.reject(new Error('redis is away')) : Promise.resolve(state);
      },
      limits: { waitingMs: 1000, activeMs: 1000 },
      everyMs: 30_000,
      log,
      clock,
    });
    for (const next of [well, { ...well, workers: [] }, { ...well, workers: [] }, undefined, well]) {
      state = next;
      await clock.advance(30_000);
    }
    expect(lines.map(({ level, fields }) => [level, fields['symptom']])).toEqual([
      ['error', 'no-worker'],
      ['info', 'no-worker'],
    ]);
    expect(lines[0]?.fields).toMatchObject({ what: expect.any(String), remedy: expect.any(String) });

    expect(asked).toBe(5);
    watch.stop();
    await clock.advance(300_000);
    expect(asked).toBe(5);
  });
});
