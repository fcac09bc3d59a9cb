import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { suggest } from '../../src/domain/suggest.ts';

describe('suggest', () => {
  test.each<[wanted: string, candidates: readonly string[], meant: string | undefined]>([
    ['componentReff', ['componentRef', 'inputs'], 'componentRef'],
    ['trian', ['prepare', 'train'], 'train'],
    ['Train', ['train'], 'train'],
    ['INTEGER', ['NUMBER_DOUBLE', 'NUMBER_INTEGER'], 'NUMBER_INTEGER'],
    ['NUMBER', ['NUMBER_DOUBLE', 'NUMBER_INTEGER'], undefined],
    ['x', ['y'], 'y'],
    ['train', ['deploy', 'evaluate'], undefined],
    ['table', [], undefined],
    ['step-2', ['step-1', 'step-3'], 'step-1'],
    ['sar', ['pretty', 'json', 'sarif', 'markdown'], 'sarif'],
    ['SAR', ['car', 'sarif'], 'sarif'],
    ['conf', ['conn', 'configuration'], 'configuration'],
    ['train', ['trains', 'trainer'], 'trains'],
    ['tra', ['training', 'trained'], undefined],
    ['s', ['sarif'], undefined],
    ['', ['sarif'], undefined],
  ])('%s among %j — %s', (wanted, candidates, meant) => {
    expect(suggest(wanted, candidates)).toBe(meant);
  });

  test('one edit in a word of four letters and more — the word is found', () => {
    const letters = fc.string({
      unit: fc.constantFrom(...Array.from('abcdef')),
      minLength: 4,
      maxLength: 12,
    });
    fc.assert(
      fc.property(letters, fc.nat(), fc.constantFrom('drop', 'double', 'swap'), (word, seed, edit) => {
        const at = seed % (word.length - 1);
        const [before, one, two, after] = [word.slice(0, at), word[at], word[at + 1], word.slice(at + 2)];
        const typo = {
          drop: `${before}${two}${after}`,
          double: `${before}${one}${one}${two}${after}`,
          swap: `${before}${two}${one}${after}`,
        }[edit];
        expect(suggest(typo, ['zzzzzzzz', word])).toBe(word);
      }),
    );
  });

  test('very long names — answered at once', () => {
    const start = performance.now();
    suggest(
      'a'.repeat(1_000_000),
      Array.from({ length: 200 }, (_, index) => 'b'.repeat(100_000 + index)),
    );
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
