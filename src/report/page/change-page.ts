import type { RunSummary } from '../../domain/run-summary.ts';
import { changeMark, changeName } from '../change-name.ts';
import { markup, safeUrl } from '../html.ts';
import type { Html } from '../html.ts';
import { changeAddress, repositoryAddress, runAddress } from './addresses.ts';
import { layout } from './layout.ts';
import type { ShownTo } from './layout.ts';
import { renderRunList } from './run-list.ts';
import { renderAsked, renderRetest, renderVerdict } from './verdict.ts';
import { outcomeOf } from './verdict-words.ts';

/** A change with its runs. */
export interface ChangeView {
  /** Newest first; at least one. */
  readonly runs: readonly [RunSummary, ...RunSummary[]];
  readonly asked: boolean;
  readonly mayAct: boolean;
  readonly version: string;
  readonly now: Date;
  readonly visitor?: ShownTo | undefined;
}

/** What a change is like today, and the history of its heads. */
export function renderChangePage(view: ChangeView): Html {
  const { runs, asked, mayAct, version, now, visitor } = view;
  const [newest] = runs;
  const { change, subject } = newest;
  const outcome = outcomeOf(newest);
  const name = changeName(change);
  const url = safeUrl(change.url);
  const host = url === undefined ? undefined : markup`<a href="${url}" rel="noreferrer">Open at the host</a>`;
  const details = markup`<p><a href="${runAddress(newest.id)}">Findings and log of this run</a></p>\n`;
  const body = [
    markup`<header>\n<h1>${change.title}</h1>\n<p class="quiet">${change.source.branch} into ${change.targetBranch} · ${host}</p>\n</header>\n`,
    renderVerdict(newest, [
      details,
      mayAct && newest.state === 'judged' ? renderRetest(newest.id) : undefined,
    ]),
    renderAsked(asked),
    markup`<section>\n<h2>Runs</h2>\n${renderRunList(runs, { by: 'head', label: `Runs of ${name}`, now })}</section>\n`,
  ];
  return layout({
    title: `${outcome.word}: ${name} ${change.title}`,
    refresh: outcome.tone === 'running' ? 5 : 60,
    live: { events: `${changeAddress(subject)}/events`, version, every: 10 },
    crumbs: [
      { words: change.repository.path, href: repositoryAddress(change.repository) },
      { words: changeMark(change) },
    ],
    visitor,
    body,
  });
}
