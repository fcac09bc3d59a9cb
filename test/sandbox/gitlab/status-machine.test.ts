import { expect, test } from 'vitest';
import { postedStates, transition } from '../../../src/sandbox/gitlab/commit-statuses/machine.ts';
import type { PipelineStatus } from '../../../src/sandbox/gitlab/state.ts';

// A row: the state now, and for each state posted the state after, or the event that cannot happen.
const table: readonly (readonly [PipelineStatus, ...string[]])[] = [
  // now        pending     running    success     failed    canceled    skipped
  ['created', 'pending', 'running', 'success', 'failed', 'canceled', 'skipped'],
  ['pending', ':enqueue', 'running', 'success', 'failed', 'canceled', 'skipped'],
  ['running', ':enqueue', ':run', 'success', 'failed', 'canceled', ':skip'],
  ['success', ':enqueue', ':run', ':success', ':drop', ':cancel', ':skip'],
  ['failed', ':enqueue', ':run', ':success', ':drop', ':cancel', ':skip'],
  ['canceled', ':enqueue', ':run', ':success', ':drop', ':cancel', ':skip'],
  ['skipped', 'pending', 'running', ':success', ':drop', ':cancel', ':skip'],
];

const cells = table.flatMap(([current, ...row]) =>
  postedStates.map((posted, column) => [current, posted, row[column]] as const),
);

test.each(cells)('%s, posted %s: %s', (current, posted, expected) => {
  const next = transition(current, posted);
  const shown = 'status' in next ? next.status : /via (:\w+) from/.exec(next.impossible)?.[1];
  expect(shown).toBe(expected);
});
