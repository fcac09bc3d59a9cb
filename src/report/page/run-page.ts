import { awaitsTime } from '../../domain/decision.ts';
import type { Difference } from '../../domain/difference.ts';
import { shortSha } from '../../domain/repository.ts';
import type { Run } from '../../domain/run.ts';
import type { CheckResult } from '../../domain/verdict.ts';
import { changeText, versionText } from '../differences.ts';
import { markup, safeUrl } from '../html.ts';
import type { Html, HtmlPart } from '../html.ts';
import { countTexts } from '../summary.ts';
import { timeText } from '../text.ts';
import { renderFindings } from './findings.ts';
import { facts, layout, section, table } from './layout.ts';
import { formatLogLine } from './log-lines.ts';
import { outcomeOf } from './verdict-words.ts';

/**
 * The details page of a run: what, why, how to repair, and how it came about. `log`: its last lines; `newer`: the run
 * that shows today what its change is like, where this one does not.
 */
export function renderRunPage(run: Run, log: readonly string[], newer?: Run): Html {
  const { change, judgement } = run;
  const outcome = outcomeOf(run);
  const name = `${change.repository.path} !${change.number}`;
  const checks = judgement?.checks ?? [];
  const findings = checks.flatMap((check) => check.findings);
  const omitted = checks.reduce((sum, check) => sum + check.omittedFindings, 0);
  const omittedUnknowns = checks.reduce((sum, check) => sum + (check.omittedUnknowns ?? 0), 0);
  const body = [
    markup`<header>\n<p class="quiet">modelgate, ${link(change.url, name)}</p>\n<h1>${change.title}</h1>\n</header>\n`,
    newerRun(newer),
    markup`<p class="verdict ${outcome.tone}"><strong class="word-${outcome.tone}">${outcome.word}</strong> ${outcome.sentence}</p>\n`,
    nextLook(run),
    renderFindings(findings, omitted),
    section('What could not be known', [unknowns(checks), more(omittedUnknowns, 'of them')]),
    section('What the merge changes in tracked data', [
      differences(judgement?.differences ?? []),
      more(judgement?.omittedDifferences ?? 0, 'outputs'),
    ]),
    section('Checks', table(['check', 'verdict', 'looked at'], checks.map(checkRow))),
    section('Facts', factsOf(run)),
    section(
      'Timeline',
      table(
        ['time', ''],
        run.timeline.map(({ at, text }) => [timeText(at), text]),
      ),
    ),
    section('Log', logOf(log)),
  ];
  return layout({
    title: `${outcome.word}: ${name} ${change.title}`,
    refresh: outcome.word === 'Running' ? 5 : undefined,
    body,
  });
}

function link(url: string, words: string): Html {
  const target = safeUrl(url);
  return target === undefined ? markup`${words}` : markup`<a href="${target}" rel="noreferrer">${words}</a>`;
}

function newerRun(newer: Run | undefined): Html | undefined {
  if (newer === undefined) return undefined;
  const { word } = outcomeOf(newer);
  const head = markup`<code>${shortSha(newer.change.head)}</code>`;
  return markup`<p><strong>A newer run exists:</strong> <a href="/runs/${encodeURIComponent(newer.id)}">${word}</a>, head ${head}.</p>\n`;
}

function nextLook(run: Run): Html | undefined {
  if (run.looks?.next === undefined || run.judgement === undefined) return undefined;
  if (awaitsTime(run.judgement))
    return markup`<p>It is judged again at ${timeText(run.looks.next)}: another time there may be the time, or the answer.</p>\n`;
  return markup`<p>The missing objects are asked for again at ${timeText(run.looks.next)}: pushing data sends no webhook.</p>\n`;
}

function logOf(lines: readonly string[]): Html | undefined {
  if (lines.length === 0) return undefined;
  return markup`<pre class="log"><code>${lines.map((line) => `${formatLogLine(line)}\n`)}</code></pre>\n`;
}

/** What a record counts and does not keep. */
function more(count: number, of: string): Html | undefined {
  return count === 0
    ? undefined
    : markup`<p class="quiet">And ${count} more ${of}: counted, but not kept.</p>\n`;
}

function unknowns(checks: readonly CheckResult[]): Html | undefined {
  const rows = checks.flatMap((check) => check.unknowns);
  return table(
    ['what', 'cause', 'why', 'what to do'],
    rows.map(({ what, cause, message, remedy }) => [code(what), cause, message, remedy]),
  );
}

function checkRow(check: CheckResult): readonly HtmlPart[] {
  const { things, proven } = countTexts(check.counts);
  const looked = [...things, ...proven].join(', ');
  const verdict = markup`<span class="word-${check.verdict}">${check.verdict}</span>`;
  return [check.check, verdict, looked === '' ? 'nothing to check' : looked];
}

function factsOf(run: Run): Html {
  const { judgement, change } = run;
  return facts([
    ['run', code(run.id)],
    ['head', code(change.head)],
    ['from', `${change.source.branch}${change.source.fork ? ' (of a fork)' : ''}`],
    ['into', change.targetBranch],
    ['target commit', code(judgement?.base ?? run.base)],
    ['judged', judgement === undefined ? undefined : judgedWords[judgement.judged]],
    ['tree', code(judgement?.tree)],
    [
      'policy',
      judgement === undefined ? undefined : `${judgement.mode}, ${policyWords[judgement.policySource]}`,
    ],
    ['rules', judgement?.rulesVersion],
  ]);
}

function code(text: string | undefined): Html | undefined {
  return text === undefined ? undefined : markup`<code>${text}</code>`;
}

const judgedWords = {
  'merge-result': 'the result of merging head into target',
  head: 'the head as it is',
  conflict: 'nothing: head and target are in conflict',
} as const;

const policyWords = {
  target: 'from the target branch',
  defaults: 'defaults, the target branch has no .modelgate.yaml',
  'defaults-because-broken': 'defaults, because .modelgate.yaml of the target branch is not valid',
} as const;

function differences(list: readonly Difference[]): Html | undefined {
  return table(
    ['data', 'before', 'after', 'change'],
    list.map((difference) => {
      const { path, before, after } = difference;
      return [code(path), versionText(before), versionText(after), changeText(difference)];
    }),
  );
}
