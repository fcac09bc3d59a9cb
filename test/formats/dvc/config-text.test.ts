import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readConfigText } from '../../../src/formats/dvc/config-text.ts';
import { createSource } from '../../../src/formats/source.ts';

function read(text: string): ReturnType<typeof readConfigText> {
  return readConfigText(createSource('.dvc/config', text));
}

/** The value of `k` in `[s]`. */
function valueOf(line: string): unknown {
  return read(`[s]\n${line}\n`).value[1]?.entries[0]?.value;
}

describe('a value of a config file — by the grammar of ConfigObj — is read as DVC reads it', () => {
  test.each([
    ['k = s3://b/p', 's3://b/p'],
    ['k=v', 'v'],
    ['  k   =   v  ', 'v'],
    ['k = s3://b/p#x', 's3://b/p'],
    ['k = s3://b/p # comment', 's3://b/p'],
    ['k = "s3://b/p#x"', 's3://b/p#x'],
    ["k = 's3://b/p#x' # comment", 's3://b/p#x'],
    ['k = a;b', 'a;b'],
    ['k = reflink,copy', ['reflink', 'copy']],
    ['k = reflink , copy', ['reflink', 'copy']],
    ['k = "a,b"', 'a,b'],
    ['k = "a", \'b,c\'', ['a', 'b,c']],
    ['k = a,', ['a']],
    ['k = ,', []],
    ['k =', ''],
    ['k = # nothing', ''],
    ['k = %20', '%20'],
    ['k = ${HOME}', '${HOME}'],
    ['k = it"s', 'it"s'],
    ['k = """one\ntwo"""', 'one\ntwo'],
    ["k = '''a # b'''", 'a # b'],
    ['"k k" = v', 'v'],
  ])('%s', (line, expected) => {
    expect(valueOf(line)).toEqual(expected);
    expect(read(`[s]\n${line}\n`).problems).toEqual([]);
  });
});

describe('a config file — that DVC rejects — has a problem in its line', () => {
  test.each([
    ['[s]\nkey: value', 'syntax', 2],
    ['[s]\nk = "open', 'syntax', 2],
    ['[s]\nk = """open\nmore', 'syntax', 2],
    ['[s]\nk = %(name)s', 'syntax', 2],
    ['[s]\nk = %%(x)s', 'syntax', 2],
    ['[s]\nk = ,a', 'syntax', 2],
    ['[s]\nk = a,,b', 'syntax', 2],
    ['[s]\n= v', 'syntax', 2],
    ['[s', 'syntax', 1],
    ['[s]]', 'syntax', 1],
    ['[[s]]', 'syntax', 1],
    ['[s]\n[s]', 'duplicate-section', 2],
    ['[s]\nk = 1\nk = 2', 'duplicate-key', 3],
    ['[core]\n<<<<<<< HEAD\nremote = a\n=======\nremote = b\n>>>>>>> x', 'conflict-marker', 2],
    ['\uFEFF[core]', 'encoding', 1],
  ])('%j', (text, code, line) => {
    const source = createSource('.dvc/config', text);
    const [problem] = readConfigText(source).problems;

    expect(problem?.code).toBe(code);
    expect(problem === undefined ? 0 : source.placeOf(problem.span).line).toBe(line);
  });
});

describe('sections', () => {
  test.each([
    ['[core]', ['core']],
    ['[Core]', ['core']],
    ['[ core ]', ['core']],
    ['[\'remote "My Data"\']', ['remote "my data"']],
    ['[remote "x"]', ['remote "x"']],
    ['[core] # comment', ['core']],
    ['["a]b"]', ['a]b']],
  ])('%s — is lower-cased and unquoted', (header, path) => {
    expect(read(header).value[1]?.path).toEqual(path);
  });

  test('nested ones — two brackets — carry the name of the outer one', () => {
    const { value, problems } = read('[remote]\n[[x]]\nurl = a\n[[y]]\nurl = b\n[core]\nremote = x\n');

    expect(value.map((section) => section.path)).toEqual([
      [],
      ['remote'],
      ['remote', 'x'],
      ['remote', 'y'],
      ['core'],
    ]);
    expect(problems).toEqual([]);
  });

  test('CRLF and a value over several lines — positions — count on', () => {
    const source = createSource('.dvc/config', '[a]\r\nk = """x\r\ny"""\r\n[b]\r\nz = 1\r\n');
    const { value } = readConfigText(source);

    expect(source.placeOf(value[2]?.entries[0]?.valueSpan ?? { start: 0, end: 0 })).toMatchObject({
      line: 5,
      column: 5,
    });
  });

  test('a long line of brackets or quotes — is refused at once', () => {
    for (const text of ['['.repeat(1e6), ']'.repeat(1e6), `[${'"'.repeat(1e6)}`, `k = ${"'a".repeat(1e6)}`]) {
      expect(read(`[s]\n${text}`).problems[0]?.code).toBe('syntax');
    }
  });

  test('any text — never throws, and every place is inside of it', () => {
    const piece = fc.constantFrom(
      '[',
      ']',
      '"',
      "'",
      '"""',
      '=',
      '#',
      ',',
      '\n',
      '\r\n',
      ' ',
      'core',
      'url',
      '%(x)s',
      '<<<<<<<',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
        ),
        (text) => {
          for (const problem of read(text).problems) {
            expect(problem.span.end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });
});
