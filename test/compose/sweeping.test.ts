import { expect, test } from 'vitest';
import { startSweeping, tellUnswept } from '../../src/compose/sweeping.ts';
import { createTelemetry } from '../../src/http/telemetry.ts';
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

test('a worker that starts — tells of every configured host that it was never swept', () => {
  const telemetry = createTelemetry();
  tellUnswept([{ id: 'corp' }, { id: 'hub' }], telemetry);
  const lines = telemetry.render().split('\n');
  expect(lines).toContain('modelgate_sweeper_last_success_timestamp{host="corp"} 0');
  expect(lines).toContain('modelgate_sweeper_last_success_timestamp{host="hub"} 0');
});
