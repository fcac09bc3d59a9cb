import { assert, property, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Run } from '../../../src/domain/run.ts';
import type { Judgement } from '../../../src/domain/verdict.ts';
import { escapeHtml, markup, htmlText, safeUrl } from '../../../src/report/html.ts';
import { renderExcerpt } from '../../../src/report/page/excerpt.ts';
import { formatLogLine } from '../../../src/report/page/log-lines.ts';
import { summaryOf } from '../../../src/domain/run-summary.ts';
import { renderChangePage } from '../../../src/report/page/change-page.ts';
import { renderRunPage } from '../../../src/report/page/run-page.ts';
import { renderRunsPage } from '../../../src/report/page/runs-page.ts';
import { sampleFinding, sampleJudgement, sampleRun, sampleSubject } from '../../support/sample-run.ts';

test('a place in the target’s file — on the page — is told as one', () => {
  const run = (tree?: 'target') => {
    const findings = [sampleFinding({ tree })];
    const checks = sampleJudgement().checks.map((check) => ({ ...check, findings }));
    return htmlText(renderRunPage(sampleRun({ judgement: sampleJudgement({ checks }) }), { log: [] }));
  };
  expect(run('target')).toMatch(/line \d+, column \d+ on the target branch/);
  expect(run()).not.toContain('on the target branch<');
});

test('data that is not all there — on the page — is not told as if it were', () => {
  const counts = { metafiles: 1, outputs: 1, outputsProven: 0, objects: 1, objectsProven: 0 };
  const checks = sampleJudgement().checks.map((check) => ({ ...check, counts }));
  const page = htmlText(renderRunPage(sampleRun({ judgement: sampleJudgement({ checks }) }), { log: [] }));
  expect(page).toContain('<td>1 metafile, 1 output, no object proven</td>');
});

test.each<[string, Judgement['verdict'], string]>([
  ['the same end', 'failed', '<title>Failed: '],
  ['another end', 'passed', '<title>Failed, now passed: '],
])('a run that a newer one with %s follows — its title — says what is new', (_what, verdict, title) => {
  const run = (id: string, end: Judgement['verdict']) =>
    sampleRun({ id, state: 'judged', judgement: sampleJudgement({ verdict: end }) });
  const page = htmlText(
    renderRunPage(run('old', 'failed'), { log: [], newer: summaryOf(run('new', verdict)) }),
  );
  expect(page).toContain(title);
});

test('the list of changes — its counts — have each change once', () => {
  const judged = summaryOf(sampleRun({ state: 'judged', judgement: sampleJudgement() }));
  const next = { at: '2026-05-04T11:00:00Z', what: 'objects' } as const;
  const runs = [
    { ...judged, verdict: 'failed', next } as const,
    { ...judged, verdict: 'undecided', next } as const,
    { ...judged, verdict: 'passed' } as const,
    { ...judged, state: 'running', verdict: undefined } as const,
  ];
  const now = new Date('2026-05-04T10:00:00Z');
  const page = htmlText(
    renderRunsPage({ runs, repository: undefined, group: undefined, now, cut: false, away: [] }),
  );
  const counts = ['running', 'failed', 'waiting', 'passed'].map(
    (word) => new RegExp(`>(\\d+) ${word}</a>`).exec(page)?.[1],
  );
  expect(counts).toEqual(['1', '1', '1', '1']);
});

describe('html', () => {
  test('parts of a template — put in — are escaped unless they are html', () => {
    const part = markup`<b>${'<i>'}</b>`;
    expect(htmlText(markup`<p title="${'"x\''}">${part}${undefined}${3}${['&', part]}</p>`)).toBe(
      '<p title="&quot;x&#39;"><b>&lt;i&gt;</b>3&amp;<b>&lt;i&gt;</b></p>',
    );
  });

  test('an object from JSON — put in where a text should be — is text', () => {
    const forged = JSON.parse('{"html":"<script>","Symbol(html)":"<script>"}');
    expect(htmlText(markup`${forged}`)).not.toContain('<script>');
  });

  test('characters that hide or turn text — escaped — show as their code', () => {
    expect(escapeHtml('a\u202eb\u0000c\u200bd\u2066\ufeff')).toBe(
      'a\\u{202e}b\\u{0}c\\u{200b}d\\u{2066}\\u{feff}',
    );
    expect(escapeHtml('two\nlines\tand 日本 🎉')).toBe('two\nlines\tand 日本 🎉');
  });

  test('any text — escaped — opens no element and ends no attribute', () => {
    expect(() =>
      assert(property(string({ unit: 'binary' }), (text) => !/[<>"']/.test(escapeHtml(text)))),
    ).not.toThrow();
  });

  test.each([
    ['https://gitlab.example.com/a', true],
    ['http://gitlab/a', true],
    ['javascript:alert(1)', false],
    ['JaVaScRiPt:alert(1)', false],
    ['data:text/html,x', false],
    ['//evil.example.com', false],
    ['', false],
  ])('%s — as a link — %s', (url, safe) => {
    expect(safeUrl(url) === url).toBe(safe);
  });
});

describe('excerpt', () => {
  const excerpt = { firstLine: 9, lines: ['outs:', '- md5: <b>', '  path: x'] };

  test('a place in a line — is marked, and the line pointed at', () => {
    const text = htmlText(renderExcerpt(excerpt, { line: 10, column: 8, endLine: 10, endColumn: 11 }));
    expect(text).toBe(
      '<pre class="source" tabindex="0"><code><span class="number"> 9   </span>outs:\n' +
        '<span class="number">10 &gt; </span>- md5: <mark>&lt;b&gt;</mark>\n' +
        '<span class="number">11   </span>  path: x\n</code></pre>\n',
    );
  });

  test.each([
    [{ line: 9, column: 1, endLine: 11, endColumn: 1 }, ['outs:', '- md5: &lt;b&gt;']],
    [{ line: 10, column: 3, endLine: 11, endColumn: 7 }, ['md5: &lt;b&gt;', 'path']],
    [{ line: 10, column: 11, endLine: 10, endColumn: 11 }, ['']],
    [{ line: 10, column: 99, endLine: 10, endColumn: 120 }, ['']],
    [{ line: 1, column: 1, endLine: 1, endColumn: 2 }, []],
    [undefined, []],
  ])('%j — marks', (place, marks) => {
    const text = htmlText(renderExcerpt(excerpt, place));
    expect([...text.matchAll(/<mark>(.*?)<\/mark>/g)].map((match) => match[1])).toEqual(marks);
  });
});

test.each([
  [
    '{"level":30,"time":1777888801000,"pid":1,"hostname":"h","msg":"job done","ms":12,"ids":{"a":1}}',
    '2026-05-04T10:00:01.000Z info job done ms=12 ids={"a":1}',
  ],
  ['not json', 'not json'],
  ['[1]', '[1]'],
  ['{"level":"warn","time":1e99}', 'warn'],
  ['{"level":[],"time":1e99}', ''],
])('log line %s — for people', (line, text) => {
  expect(formatLogLine(line)).toBe(text);
});

describe('outcome', () => {
  const judged = { state: 'judged' } as const;
  test.each<[string, Partial<Run>, string]>([
    ['running', {}, 'Running'],
    ['superseded', { state: 'superseded' }, 'Superseded'],
    ['cancelled', { state: 'cancelled' }, 'Cancelled'],
    ['failed', { ...judged, judgement: sampleJudgement() }, 'The merge has to wait'],
    [
      'failed, advisory',
      { ...judged, judgement: sampleJudgement(), decision: { verdict: 'failed', blocking: false } },
      'does not block',
    ],
    [
      'passed by decision',
      { ...judged, judgement: sampleJudgement(), decision: { verdict: 'passed', blocking: false } },
      'Nothing stands against',
    ],
    [
      'passed, nothing to check',
      { ...judged, judgement: sampleJudgement({ verdict: 'passed', checks: [] }) },
      'nothing to check',
    ],
    ['waiting', { ...judged, decision: { verdict: 'waiting', blocking: true } }, 'Somebody has to act'],
    ['undecided', { ...judged, judgement: sampleJudgement({ verdict: 'undecided' }) }, 'Could not decide'],
    ['trouble', { ...judged, trouble: 'The host refuses the token.' }, 'The host refuses the token.'],
  ])('%s — says', (_what, fields, text) => {
    expect(htmlText(renderRunPage(sampleRun(fields), { log: [] }))).toContain(text);
  });

  test.each([
    ['data that may be pushed', 'unreachable', 'The missing objects are asked for again at'],
    ['time that was over', 'deadline', 'It is judged again at'],
  ] as const)('waiting for %s — says what happens and when', (_what, cause, text) => {
    const [data] = sampleJudgement().checks;
    const wanted = [{ remote: 'r', url: 's3://team/dvc', key: 'k', version: undefined }];
    const unknowns = [{ what: 'w', cause, message: 'm', remedy: undefined }];
    const judgement = sampleJudgement({ verdict: 'undecided', checks: [{ ...data!, wanted, unknowns }] });
    const looks = { count: 0, since: '2026-05-04T10:00:00.000Z', next: '2026-05-04T10:00:30.000Z' };
    const page = htmlText(renderRunPage(sampleRun({ state: 'judged', judgement, looks }), { log: [] }));
    expect(page).toContain(`${text} 2026-05-04 10:00:30 UTC`);
  });

  test('only a running run — loads itself again', () => {
    expect(htmlText(renderRunPage(sampleRun(), { log: [] }))).toContain('http-equiv="refresh"');
    expect(htmlText(renderRunPage(sampleRun({ state: 'superseded' }), { log: [] }))).not.toContain(
      'http-equiv',
    );
  });
});

describe('hostile texts', () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u202e';

  function evilRun(): Run {
    const finding = sampleFinding({
      rule: evil,
      message: evil,
      file: evil,
      repair: evil,
      pointer: evil,
      excerpt: { firstLine: 1, lines: [evil, evil, evil] },
      compared: [{ what: evil, expected: evil, actual: evil }],
    });
    const [check] = sampleJudgement().checks;
    if (check === undefined) throw new Error('the sample has a check');
    const unknowns = [{ what: evil, cause: 'limit', message: evil, remedy: evil }] as const;
    const differences = [
      {
        kind: 'data',
        path: evil,
        change: 'added',
        before: undefined,
        after: { hash: evil, size: 1, files: 2 },
      },
    ] as const;
    const checks = [
      {
        ...check,
        findings: [finding, { ...finding, origin: 'existing' as const }],
        unknowns,
        counts: { [evil]: 3 },
      },
    ];
    const { change } = sampleRun();
    return sampleRun({
      id: evil,
      subject: { ...sampleSubject, host: evil },
      change: {
        ...change,
        title: evil,
        url: `javascript:alert(1)//${evil}`,
        targetBranch: evil,
        repository: { ...change.repository, path: evil },
        source: { ...change.source, branch: evil },
      },
      judgement: sampleJudgement({ checks, differences, rulesVersion: evil }),
      timeline: [{ at: evil, text: evil }],
      trouble: evil,
    });
  }

  test('in every field — rendered — stay texts', () => {
    const page = htmlText(
      renderRunPage(evilRun(), {
        log: [evil, JSON.stringify({ level: 30, msg: evil, [evil]: evil })],
        cursor: evil,
        newer: summaryOf(evilRun()),
        asked: true,
        mayAct: true,
        version: evil,
        visitor: { name: evil, signedIn: true },
      }),
    );
    const run = summaryOf(evilRun());
    const repository = { host: evil, id: evil };
    const now = new Date('2026-05-04T10:00:00Z');
    const view = {
      runs: [run],
      repository,
      group: undefined,
      now,
      visitor: { name: evil, signedIn: true },
      cut: true,
      away: [evil],
    };
    const list = htmlText(renderRunsPage(view));
    const all = htmlText(renderRunsPage({ ...view, repository: undefined }));
    const history = htmlText(
      renderChangePage({
        runs: [run, run],
        asked: true,
        mayAct: true,
        version: evil,
        now,
        visitor: { name: evil, signedIn: true },
      }),
    );
    for (const text of [page, list, all, history]) {
      expect(text.replace('<script type="module" src="/assets/page.js"></script>', '')).not.toMatch(
        /<script|<img|onerror=[^&]*>|\u202e/,
      );
      expect(text).not.toContain('href="javascript');
    }
    expect(page.split('&lt;script&gt;').length).toBeGreaterThan(20);
  });

  test('findings of the target — are folded under their number', () => {
    expect(htmlText(renderRunPage(evilRun(), { log: [] }))).toContain(
      '<summary>1 more that the target branch has as well</summary>',
    );
  });
});
