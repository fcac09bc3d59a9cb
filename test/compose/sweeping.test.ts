import { expect, test } from 'vitest';
import { startSweeping } from '../../src/compose/sweeping.ts';
import { createHandClock } from '../support/hand-clock.ts';

const everyMs = 300_000;

test('two workers, begun at different times — ask for one sweep in each interval', async () => {
  const clock = createHandClock();
  const asked: string[] = [];
  const queue = {
    poke: async () => void asked.push('now'),
    wakeAt: async (_: object, at: Date) => void asked.push(String(at.getTime() / everyMs)),
  };
  const first = startSweeping(queue, everyMs, clock);
  await clock.advance(100_000);
  const second = startSweeping(queue, everyMs, clock);
  await clock.advance(3 * everyMs);
  first.stop();
  second.stop();

  expect(asked.filter((one) => one === 'now')).toHaveLength(2);
  const times = asked.filter((one) => one !== 'now').map(Number);
  const [begin = 0] = times;
  expect([...new Set(times)]).toEqual([begin, begin + 1, begin + 2]);
});
