import { describe, expect, test } from 'vitest';
import { parseCommand } from '../../src/commands/parse-command.ts';

const retest = { kind: 'command', command: { name: 'retest' } };

describe('parseCommand', () => {
  test.each([
    '/modelgate retest',
    '/modelgate retest  ',
    '/modelgate   retest',
    '/modelgate\tretest',
    '/modelgate retest\nbecause the data is there now',
    '/modelgate retest\r\nbecause the data is there now',
  ])('%j — retest', (text) => expect(parseCommand(text)).toEqual(retest));

  test.each([
    ['retset', 'retest'],
    ['Retest', 'retest'],
    ['approve', undefined],
  ])('/modelgate %s — unknown, meant: %s', (name, suggestion) =>
    expect(parseCommand(`/modelgate ${name}`)).toEqual({ kind: 'unknown', name, suggestion }),
  );

  test.each([
    '',
    'retest',
    'modelgate retest',
    ' /modelgate retest',
    '> /modelgate retest',
    '`/modelgate retest`',
    'please\n/modelgate retest',
    '/modelgate',
    '/modelgate ',
    '/modelgateretest',
    '/modelgate retest now',
    '/Modelgate retest',
    '//modelgate retest',
    '/modelgate\nretest',
    '/modelgate\rretest',
  ])('%j — no command', (text) => expect(parseCommand(text)).toBeUndefined());

  test('a megabyte of spaces — is answered at once', () => {
    const began = performance.now();
    parseCommand(`/modelgate ${' '.repeat(1_000_000)}x y`);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
