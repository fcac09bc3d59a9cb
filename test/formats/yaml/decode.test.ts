import { describe, expect, test } from 'vitest';
import { decodeUtf8 } from '../../../src/formats/yaml/decode.ts';

describe('decodeUtf8', () => {
  test.each<[name: string, bytes: readonly number[], text: string]>([
    ['plain', [0x61, 0x0a], 'a\n'],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61], 'a'],
    ['a replacement character of its own', [0xef, 0xbf, 0xbd], '\uFFFD'],
    ['nothing', [], ''],
  ])('%s — text', (_, bytes, text) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toEqual({ text, problem: undefined });
  });

  test.each<[name: string, bytes: readonly number[], message: string, unit: number]>([
    [
      'a Latin-1 letter',
      [0x61, 0xe9, 0x0a],
      'byte 0xe9 at offset 1 is not UTF-8; the file must be UTF-8 text',
      1,
    ],
    [
      'after letters of two bytes',
      [0xc3, 0xa9, 0xff],
      'byte 0xff at offset 2 is not UTF-8; the file must be UTF-8 text',
      1,
    ],
    [
      'after a byte order mark',
      [0xef, 0xbb, 0xbf, 0x61, 0x80],
      'byte 0x80 at offset 4 is not UTF-8; the file must be UTF-8 text',
      1,
    ],
    [
      'after a replacement character of its own',
      [0xef, 0xbf, 0xbd, 0xff],
      'byte 0xff at offset 3 is not UTF-8; the file must be UTF-8 text',
      1,
    ],
    ['a cut end', [0x61, 0xe2, 0x82], 'byte 0xe2 at offset 1 is not UTF-8; the file must be UTF-8 text', 1],
    ['UTF-16', [0xff, 0xfe, 0x61, 0x00], 'the file is UTF-16; the file must be UTF-8 text', 0],
    [
      'UTF-16 without a byte order mark',
      [0x61, 0x00, 0x62, 0x00],
      'the file is UTF-16; the file must be UTF-8 text',
      0,
    ],
  ])('%s — the first bad byte', (_, bytes, message, unit) => {
    const { problem } = decodeUtf8(Uint8Array.from(bytes));
    expect(problem).toMatchObject({ code: 'encoding', message, span: { start: unit, end: unit + 1 } });
  });

  test.each<[name: string, bytes: readonly number[], lossy: string]>([
    ['little endian', [0xff, 0xfe, 0x61, 0x00, 0xe9, 0x00], 'aé'],
    ['big endian', [0xfe, 0xff, 0x00, 0x61, 0x00, 0xe9], 'aé'],
    ['little endian without a mark', [0x61, 0x00, 0x62, 0x00], 'ab'],
    ['big endian without a mark', [0x00, 0x61, 0x00, 0x62], 'ab'],
    ['cut in the middle of a unit', [0xff, 0xfe, 0x61, 0x00, 0x62], 'a\uFFFD'],
  ])('UTF-16, %s — the text to show is read as what it is', (_, bytes, lossy) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toMatchObject({ text: undefined, lossy });
  });

  test('a NUL in other text — stays UTF-8, which the reader refuses', () => {
    expect(decodeUtf8(Uint8Array.from([0x61, 0x00, 0x62, 0x63])).text).toBe('a\0bc');
  });
});
