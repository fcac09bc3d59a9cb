import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { durationText, formatDuration, parseDuration } from '../../src/domain/duration.ts';

describe('duration', () => {
  test.each([
    ['500ms', 500],
    ['30s', 30_000],
    ['2m', 120_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    ['0s', 0],
  ])('%s — %i milliseconds', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  test.each(['', '30', 's', '-1s', '1 s', '1S', '1w', '1h30m', '1e3s', '٣s', '9999999999s'])(
    '%j — not a duration',
    (text) => {
      expect(parseDuration(text)).toBeUndefined();
    },
  );

  test('what is formatted — is read as the same', () => {
    fc.assert(fc.property(fc.nat(999_999_999), (ms) => parseDuration(formatDuration(ms)) === ms));
    expect([90_000, 3_600_000, 0, 1].map(formatDuration)).toEqual(['90s', '1h', '0ms', '1ms']);
  });

  test.each([
    [0, '0s'],
    [999, '0s'],
    [45_900, '45s'],
    [60_000, '1m'],
    [61_000, '1m 1s'],
    [12_000_000, '3h 20m'],
    [3_600_000 + 5000, '1h'],
    [86_400_000 * 3 + 3_600_000 * 2 + 1000, '3d 2h'],
    [-5, '0s'],
  ])('%i milliseconds — as people say it — %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });
});
