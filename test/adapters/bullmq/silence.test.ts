import { describe, expect, test } from 'vitest';
import { createSilence } from '../../../src/adapters/bullmq/silence.ts';
import type { Hearing } from '../../../src/adapters/bullmq/silence.ts';

const now = new Date('2026-05-04T10:00:00.000Z');
const silentMs = 120_000;

function ago(ms: number): number {
  return now.getTime() - ms;
}

/** A worker that is well, and what is different about it. */
function hearing(lane: Partial<Hearing['lanes'][number]>, waitingMs: number, beatMs = 1000): Hearing {
  const oldestWaiting = new Date(ago(waitingMs)).toISOString();
  return {
    lastBeat: ago(beatMs),
    lanes: [{ queue: 'gate', active: 0, lastTaken: ago(600_000), held: false, ...lane }],
    queues: [{ queue: 'gate', waiting: 1, active: 0, oldestWaiting, oldestActive: undefined }],
  };
}

describe('a worker is deaf', () => {
  test.each<[string, Hearing, string | undefined]>([
    [
      'idle beside a job that waits for long',
      hearing({}, 600_000),
      'jobs of the queue gate wait, and this worker fetches none although it is idle',
    ],
    [
      'no sign of life for long',
      hearing({ active: 1 }, 0, 600_000),
      'redis answers others, and takes no sign of life from this worker',
    ],
    ['busy, jobs wait', hearing({ active: 4 }, 600_000), undefined],
    ['held by a pause', hearing({ held: true }, 600_000), undefined],
    ['fetched a moment ago', hearing({ lastTaken: ago(1000) }, 600_000), undefined],
    ['the job has just come', hearing({}, 1000), undefined],
    ['jobs of another queue wait', hearing({ queue: 'upkeep' }, 600_000), undefined],
  ])('%s — seen twice — judged', (_what, seen, why) => {
    const silence = createSilence(silentMs);
    expect(silence.judge(seen, now)).toBeUndefined();
    expect(silence.judge(seen, now)).toEqual(why);
  });

  test('seen once, then well, then once more — is a coincidence', () => {
    const silence = createSilence(silentMs);
    const told = [hearing({}, 600_000), hearing({}, 0), hearing({}, 600_000)].map((seen) =>
      silence.judge(seen, now),
    );
    expect(told).toEqual([undefined, undefined, undefined]);
  });
});
