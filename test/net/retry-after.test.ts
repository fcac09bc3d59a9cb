import { expect, test } from 'vitest';

import { backoffMs } from '../../src/net/backoff.ts';
import { parseRetryAfter } from '../../src/net/retry-after.ts';

const now = new Date('2026-11-22T12:00:00Z');

test.each([
  ['0', 0],
  ['2', 2000],
  [' 7 ', 7000],
  ['1.5', 1500],
  ['86400', 60_000],
  ['99999999999999999999', 60_000],
  ['Sun, 22 Nov 2026 12:00:30 GMT', 30_000],
  ['Sun, 22 Nov 2026 11:00:00 GMT', 0],
  ['Mon, 22 Nov 2027 12:00:00 GMT', 60_000],
  ['Sunday, 22-Nov-26 12:00:30 GMT', 30_000],
  ['-5', undefined],
  ['2026', 60_000],
  ['soon', undefined],
  ['2026-11-22T12:00:30Z', undefined],
  ['', undefined],
  [undefined, undefined],
])('Retry-After %j — at noon, a minute at most — is %j', (value, ms) => {
  expect(parseRetryAfter(value, now, 60_000)).toBe(ms);
});

test.each([
  [2, 0.999, 400],
  [3, 0.999, 799],
  [4, 0.999, 1598],
  [20, 0.999, 3996],
  [3, 0, 0],
  [3, 0.5, 400],
])('backoff — before attempt %i, random %d — is %i ms', (attempt, random, ms) => {
  expect(backoffMs(attempt, { firstMs: 400, capMs: 4000 }, () => random)).toBe(ms);
});
