import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decision.ts';
import { renderComment } from '../../src/report/comment.ts';
import { escapeText, fenced, inlineCode, link } from '../../src/report/markdown.ts';
import { oneLine } from '../../src/report/text.ts';
import { sampleFinding } from '../support/sample-run.ts';
import { hostile, judgement } from './judgements.ts';

/** Texts rich in what the hosts react to. */
const nastyPart = fc.constantFrom(
  '@',
  '#1',
  '!2',
  '~l',
  '%m',
  '&3',
  '$4',
  '`',
  '```',
  '~~~',
  '|',
  '\\',
  '\n',
  '\r',
  ' ',
  '/merge',
  '/close',
  '<!--',
  '-->',
  '<a>',
  '[',
  '](',
  ')',
  '*',
  '_',
  'closes ',
  'https://x.y',
  'www.',
  'GH-1',
  'a',
  'é',
  '\u2028',
  '\u0000',
  '\u200b',
  '- ',
  '1. ',
  '# ',
  '> ',
  '>>>',
  '{+',
  '\ud800',
);
const nasty = fc.oneof(
  fc.array(nastyPart, { maxLength: 12 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary' }),
);

describe('running text', () => {
  test('any text — escaped — stays one line and means itself', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[\r\n\u2028]/);
        expect(unescape(escaped)).toBe(oneLine(text));
      }),
    );
  });

  test('any text — escaped — starts no mention, reference, address, tag or code', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const shown = rendered(escapeText(text));
        expect(shown).not.toMatch(/[@#!~%&$][\w"]/);
        expect(shown).not.toMatch(/:\/\/|www\.|GH-\d/i);
        const bare = escapeText(text)
          .replace(/\\[\s\S]/g, '')
          .replace(/&(?:lt|gt|amp);/g, '');
        expect(bare).not.toMatch(/[`*_[\]<>&|~$#!{}\\]/);
      }),
    );
  });

  test.each([
    ['closes #12', 'closes \\#\u206012'],
    ['@all', '@\u2060all'],
    ['see https://a.example/x', 'see https:\u2060//a.example/x'],
    ['a\n/merge', 'a /merge'],
    ['20 % of a|b', '20 % of a\\|b'],
    ['MODEL-7 and GH-7', 'MODEL\u2060-7 and GH\u2060-7'],
  ])('%j — escaped — reads %j', (text, expected) => {
    expect(escapeText(text)).toBe(expected);
  });
});

describe('code', () => {
  test('any text — as inline code — is one closed span without a bar', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const code = inlineCode(text);
        if (code === '(empty)') return;
        const [fence = ''] = /^`+/.exec(code) ?? [];
        const inner = code.slice(fence.length, -fence.length);
        expect(code.endsWith(fence)).toBe(true);
        expect((inner.match(/`+/g) ?? []).some((run) => run === fence)).toBe(false);
        expect(code).not.toMatch(/[|\n\r]/);
      }),
    );
  });

  test('any text — fenced — holds no line that closes the fence or begins with a slash', () => {
    fc.assert(
      fc.property(nasty, (text) => {
        const lines = fenced(text, 'sh').split('\n');
        expect([lines[0], lines.at(-1)]).toEqual(['```sh', '```']);
        for (const line of lines.slice(1, -1)) expect(line).not.toMatch(/```|^\s*\/|\r/);
      }),
    );
  });

  test.each(['dvc push data.csv.dvc', 'a\n  b: |\n    c', 'echo "@x" # y'])(
    '%j — an ordinary repair — can be copied as it is',
    (text) => {
      expect(fenced(text, '')).toBe(`\`\`\`\n${text}\n\`\`\``);
    },
  );
});

test('a link — to an address with brackets — ends where it should', () => {
  expect(link('details', 'https://g.example/a(b) c')).toBe('[details](https://g.example/a%28b%29%20c)');
});

test('a whole comment — any texts in every place — no line begins a command, a comment or a quote', () => {
  fc.assert(
    fc.property(nasty, nasty, nasty, (one, two, three) => {
      const finding = sampleFinding({
        file: one,
        message: two,
        repair: three,
        compared: [{ what: three, expected: one, actual: two }],
      });
      const unknowns = [{ what: two, cause: 'limit' as const, message: one, remedy: three }];
      const differences = [
        { kind: 'data' as const, path: two, change: 'added' as const, before: undefined, after: undefined },
      ];
      const whole = judgement({ checks: [{ check: 'data', findings: [finding], unknowns }], differences });
      const body = renderComment({
        judgement: whole,
        decision: decide(whole),
        url: undefined,
        disclose: 'names',
        targetBranch: one,
      });
      const outside = body.replace(/^```\n[\s\S]*?\n```$/gm, '');
      for (const line of body.split('\n')) expect(line).not.toMatch(/^\s*\/\w/);
      expect(outside).not.toMatch(/^```/m);
      expect(outside.split('\n').map(withoutCode).join('\n')).not.toMatch(/<!--|^>/m);
    }),
  );
});

test('the hostile sample — its commands — never stand at the start of a line', () => {
  expect(fenced(hostile, '')).not.toMatch(/^\/merge/m);
});

/** A line without its escapes and code spans, read as CommonMark reads it. */
function withoutCode(line: string): string {
  let rest = '';
  for (let at = 0; at < line.length;) {
    const [run = ''] = /^`+/.exec(line.slice(at)) ?? [];
    const end = run === '' ? -1 : line.slice(at + run.length).search(new RegExp(`(?<!\`)${run}(?!\`)`));
    if (line[at] === '\\') at += 2;
    else if (run !== '' && end !== -1) at += end + 2 * run.length;
    else {
      rest += line[at];
      at += 1;
    }
  }
  return rest;
}

function rendered(markdown: string): string {
  return markdown
    .replace(/\\([^A-Za-z0-9\s])/g, '$1')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
}

function unescape(markdown: string): string {
  return rendered(markdown).replaceAll('\u2060', '');
}
