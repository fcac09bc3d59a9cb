import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatSize, parseSize } from '../../src/config/size.ts';

describe('size', () => {
  test.each([
    ['4096', 4096],
    ['5MiB', 5_242_880],
    ['1.5GB', 1_500_000_000],
    ['10GiB', 10_737_418_240],
    ['2kB', 2000],
    ['7B', 7],
  ])('%s — %i bytes', (text, expected) => {
    expect(parseSize(text)).toBe(expected);
  });

  test.each(['', 'MiB', '5 MiB', '5M', '5mib', '-1', '1e3', '99999999999TiB'])('%j — not a size', (text) => {
    expect(parseSize(text)).toBeUndefined();
  });

  test('what is formatted — is read as the same', () => {
    fc.assert(
      fc.property(fc.nat(), (bytes) => {
        expect(parseSize(formatSize(bytes))).toBe(bytes);
      }),
    );
  });
});
