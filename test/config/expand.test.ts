import { describe, expect, test } from 'vitest';
import { expand } from '../../src/config/expand.ts';

const env = { A: 'alpha', B: '${A}', EMPTY: '' };

describe('variables in a text', () => {
  test.each([
    ['plain', 'plain'],
    ['${A}', 'alpha'],
    ['x-${A}-${A}', 'x-alpha-alpha'],
    ['${B}', '${A}'],
    ['$${A}', '${A}'],
    ['$${$${', '${${'],
    ['$A $ {A} }', '$A $ {A} }'],
  ])('%s — %s', (text, expected) => {
    expect(expand(text, env)).toEqual({ kind: 'text', text: expected });
  });

  test.each([
    ['${NOPE}', 'needs the environment variable NOPE, which is not set'],
    ['${EMPTY}', 'needs the environment variable EMPTY, which is not set'],
    ['${A', 'has a broken variable reference; expected ${NAME}, or $${ for the characters themselves'],
    ['${}', 'has a broken variable reference; expected ${NAME}, or $${ for the characters themselves'],
    ['${A:-b}', 'has a broken variable reference; expected ${NAME}, or $${ for the characters themselves'],
    ['${toString}', 'needs the environment variable toString, which is not set'],
  ])('%s — refused: %s', (text, message) => {
    expect(expand(text, env)).toEqual({
      kind: 'wrong',
      message,
    });
  });
});
