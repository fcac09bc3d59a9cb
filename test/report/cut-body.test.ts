import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutBody } from '../../src/report/cut-body.ts';

describe('a comment that is too long', () => {
  test('a body that fits — is not touched', () => {
    expect(cutBody('x'.repeat(60_000))).toBe('x'.repeat(60_000));
  });

  test('a long one — ends after a whole line and says that it was cut', () => {
    const cut = cutBody(Array.from({ length: 20_000 }, (_, i) => `line ${i}`).join('\n'));

    const [kept = '', notice] = cut.split('\n\n*');
    expect(cut.length).toBeLessThanOrEqual(60_000);
    expect(kept.split('\n').at(-1)).toMatch(/^line \d{4,5}$/);
    expect(notice).toContain('was cut');
  });

  test.each(['```', '~~~~', '  ````yaml', '````````````````'])(
    'a code block opened by %j — is closed before the notice',
    (opening) => {
      const cut = cutBody(`text\n${opening}\n${'code\n'.repeat(100)}`, 300);

      const mark = /[`~]+/.exec(opening)?.[0] ?? '';
      expect(cut).toContain(`\n${mark}\n\n*This comment was cut`);
    },
  );

  test('a code block with a mark that is too long to be repeated — is left out', () => {
    const cut = cutBody(`text\n${'`'.repeat(40)}\n${'/merge\n'.repeat(100)}`, 300);

    expect(cut).toMatch(/^text\n\n\n\*This comment was cut/);
  });

  test('a code block that was closed — is not opened again', () => {
    const cut = cutBody(`\`\`\`yaml\ncode\n\`\`\`\n${'text\n'.repeat(100)}`, 300);

    expect(cut.match(/```/g)).toHaveLength(2);
  });

  test('one endless line — is cut between characters', () => {
    expect(cutBody('😀'.repeat(40_000))).toMatch(/^(?:😀)+\n/u);
  });

  test('any text — never longer than asked, and begins as it began', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('```', '~~~', 'a line', '', '😀😀', '``````````')), (lines) => {
        const body = lines.join('\n').repeat(3);
        const cut = cutBody(body, 120);
        expect(cut.length).toBeLessThanOrEqual(120);
        expect(cut.startsWith(body.slice(0, 20))).toBe(true);
      }),
    );
  });
});
