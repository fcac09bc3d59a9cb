import { expect, test } from 'vitest';
import { createBodyMemory } from '../../src/http/body-memory.ts';
import { createHandClock } from '../support/hand-clock.ts';

function memory() {
  const clock = createHandClock();
  return {
    clock,
    ...createBodyMemory({ total: 10, perPeer: 4, waitMs: 100 }, (ms, then) => clock.after(ms, then)),
  };
}

test('one address — asks for more than its share — waits for its own, not for that of others', async () => {
  const { take, clock } = memory();
  const first = await take('a', 4);
  const second = take('a', 1);
  expect(await take('b', 4)).toBeDefined();
  first?.();
  expect(await second).toBeDefined();

  const late = take('a', 4);
  await clock.advance(100);
  expect(await late).toBeUndefined();
});

test('all addresses — everything is taken — what was not granted is not kept of the share', async () => {
  const { take, clock } = memory();
  const held = await Promise.all(['a', 'b'].map((peer) => take(peer, 4)));
  expect(await take('c', 2)).toBeDefined();
  const refused = take('d', 4);
  await new Promise(setImmediate);
  await clock.advance(100);
  expect(await refused).toBeUndefined();
  for (const giveBack of held) giveBack?.();

  expect(await take('d', 4)).toBeDefined();
});
