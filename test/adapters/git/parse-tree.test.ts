import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseTree, records } from '../../../src/adapters/git/parse-tree.ts';

test('a name with a byte that is not UTF-8 — keeps the byte, and the others their characters', () => {
  const row = Buffer.concat([
    Buffer.from(`100644 blob ${'a'.repeat(40)}\tcaf`),
    Buffer.from([0xe9]),
    Buffer.from('/ü漢😀\0'),
  ]);
  expect(parseTree(row).map(({ path }) => path)).toEqual(['caf\udce9/ü漢😀']);
});

test('any text — cut into its records — is the same text', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ minLength: 1, unit: fc.constantFrom('a', 'ü', '漢', '😀') })),
      (texts) => {
        const broken = Buffer.concat([
          Buffer.from([0xff, 0]),
          Buffer.from(texts.map((text) => `${text}\0`).join('')),
        ]);
        expect(records(broken)).toEqual(['\udcff', ...texts]);
      },
    ),
  );
});

test('any bytes — as records — come back out of them', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const input = Buffer.from([...bytes.filter((byte) => byte !== 0), 0xff, 0]);
      const [text = ''] = records(input);
      const back = Array.from(text).flatMap((character) => {
        const code = character.codePointAt(0) ?? 0;
        return code >= 0xdc80 && code <= 0xdcff ? [code - 0xdc00] : [...Buffer.from(character)];
      });
      expect([...back, 0]).toEqual([...input]);
    }),
  );
});
