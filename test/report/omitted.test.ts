import { describe, expect, test } from 'vitest';
import { decide } from '../../src/domain/decision.ts';
import { renderComment } from '../../src/report/comment.ts';
import { htmlText } from '../../src/report/html.ts';
import { renderRunPage } from '../../src/report/page/run-page.ts';
import { sampleRun } from '../support/sample-run.ts';
import { judgement, judgements } from './judgements.ts';

const unknown = { what: 'x', cause: 'unreachable', message: 'away', remedy: undefined } as const;
const one = judgement({
  checks: [{ check: 'data', verdict: 'undecided', unknowns: [unknown], omittedUnknowns: 41 }],
  differences: judgements['passed']!.differences,
  omittedDifferences: 57,
});

describe('what a record counts and does not keep', () => {
  test('the comment — says how many', () => {
    const options = { url: undefined, disclose: 'names', targetBranch: 'main' } as const;
    const comment = renderComment({ ...options, judgement: one, decision: decide(one) });
    expect(comment).toContain('- and 41 more');
    expect(comment).toContain('And 57 more outputs.');
  });

  test('the page — says how many', () => {
    const page = htmlText(
      renderRunPage(sampleRun({ state: 'judged', judgement: one, decision: decide(one) }), { log: [] }),
    );
    expect(page).toContain('And 41 more things: counted, but not kept.');
    expect(page).toContain('And 57 more outputs: counted, but not kept.');
  });

  test('nothing is left out — nothing is said', () => {
    const passed = judgements['passed']!;
    const page = htmlText(
      renderRunPage(sampleRun({ state: 'judged', judgement: passed, decision: decide(passed) }), { log: [] }),
    );
    expect(page).not.toContain('not kept');
    expect(page).not.toContain('What could not be known');
  });
});
