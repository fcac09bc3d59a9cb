import type { Release } from '../../domain/release.ts';
import { shortSha } from '../../domain/repository.ts';
import type { Run } from '../../domain/run.ts';
import { summaryOf, type RunSummary } from '../../domain/run-summary.ts';
import { changeMark, changeName } from '../change-name.ts';
import { markup, safeUrl } from '../html.ts';
import type { Html } from '../html.ts';
import { plural } from '../text.ts';
import { changeAddress, repositoryAddress, runAddress } from './addresses.ts';
import { renderFindings } from './findings.ts';
import { layout, section, timeOf } from './layout.ts';
import type { ShownTo } from './layout.ts';
import { renderLog } from './log-lines.ts';
import { renderReleaseLink } from './release/link.ts';
import { checksTable, differencesTable, factsOf } from './run-tables.ts';
import { renderUnknowns } from './unknowns.ts';
import { renderAsked, renderNewer, renderOlderVerdict, renderRetest, renderVerdict } from './verdict.ts';
import { outcomeOf } from './verdict-words.ts';

/** What stands on a run's page beside the run. */
export interface RunView {
  /** The last lines of its log, as they are stored, and where they end. */
  readonly log: readonly string[];
  readonly cursor?: string | undefined;
  /** The run that shows today what the change is like, where this one does not. */
  readonly newer?: RunSummary | undefined;
  /** A fresh judgement was asked for and has not begun. */
  readonly asked?: boolean;
  readonly mayAct?: boolean;
  /** The newest release of the commit, where it is the tip of a branch. */
  readonly release?: Release | undefined;
  readonly version?: string | undefined;
  readonly visitor?: ShownTo | undefined;
}

/** The details page of a run: what, why, how to repair, and how it came about. */
export function renderRunPage(run: Run, view: RunView): Html {
  const summary = summaryOf(run);
  const outcome = outcomeOf(summary);
  const { change, judgement } = run;
  const { newer, asked = false, mayAct = false, cursor } = view;
  const checks = judgement?.checks ?? [];
  const findings = checks.flatMap((check) => check.findings);
  const isRunning = run.state === 'running';
  const mayRetest = mayAct && run.state === 'judged';
  const log = renderLog(view.log, { isOpen: isRunning, cursor });
  const body = [
    renderHeader(run),
    renderNewer(newer),
    newer === undefined
      ? renderVerdict(summary, mayRetest ? renderRetest(run.id) : undefined)
      : renderOlderVerdict(summary),
    renderAsked(asked && newer === undefined),
    renderReleaseLink(view.release),
    markup`<div class="columns">\n<div class="report">\n`,
    isRunning ? log : undefined,
    renderFindings(findings, summary.findings.omitted),
    renderUnknowns(checks),
    section('What the merge changes in tracked data', [
      differencesTable(judgement?.differences ?? []),
      more(judgement?.omittedDifferences ?? 0, 'output'),
    ]),
    section('Checks', checksTable(checks)),
    markup`</div>\n<div class="aside">\n`,
    section('Facts', factsOf(run)),
    section('Timeline', timeline(run)),
    markup`</div>\n</div>\n`,
    isRunning ? undefined : log,
  ];
  return layout({
    title: `${outcome.word}${nowText(newer, outcome.word)}: ${changeName(change)} ${change.title}`,
    refresh: outcome.tone === 'running' ? 5 : undefined,
    live: { events: `${runAddress(run.id)}/log`, version: view.version, every: 10 },
    crumbs: [
      { words: change.repository.path, href: repositoryAddress(change.repository) },
      { words: changeMark(change), href: changeAddress(run.subject) },
      { words: shortSha(change.head) },
    ],
    visitor: view.visitor,
    body,
  });
}

/** What the change is like today, in the title that a tab shows. */
function nowText(newer: RunSummary | undefined, before: string): string {
  const word = newer === undefined ? before : outcomeOf(newer).word;
  return word === before ? '' : `, now ${word.toLowerCase()}`;
}

function renderHeader({ change, subject }: Run): Html {
  const { url, title, head, source, targetBranch } = change;
  const target = safeUrl(url);
  const isTip = subject.kind === 'branch';
  const links = [
    target === undefined ? undefined : markup` · <a href="${target}" rel="noreferrer">Open at the host</a>`,
    markup` · <a href="${changeAddress(subject)}">All runs of this ${isTip ? 'branch' : 'change'}</a>`,
  ];
  const from = `${source.branch}${source.fork ? ' (of a fork)' : ''}`;
  const into = isTip ? ', its tip' : ` into ${targetBranch}`;
  return markup`<header>
<h1>${title}</h1>
<p class="quiet"><code>${shortSha(head)}</code> of ${from}${into}${links}</p>
</header>
`;
}

function timeline({ timeline: entries }: Run): Html | undefined {
  if (entries.length === 0) return undefined;
  const items = entries.map(({ at, text }) => markup`<li>${timeOf(at)} <span>${text}</span></li>\n`);
  return markup`<ol class="timeline">\n${items}</ol>\n`;
}

/** What a record counts and does not keep. */
function more(count: number, one: string): Html | undefined {
  return count === 0
    ? undefined
    : markup`<p class="quiet">And ${plural(count, `more ${one}`)}: counted, but not kept.</p>\n`;
}
