import type { RunSummary } from '../../domain/run-summary.ts';
import { markup } from '../html.ts';
import type { Html } from '../html.ts';
import { plural } from '../text.ts';
import { repositoryAddress } from './addresses.ts';
import { layout } from './layout.ts';
import type { ShownTo } from './layout.ts';
import { renderRunList } from './run-list.ts';

/** What a visitor may look for. */
export type RunGroup = 'running' | 'failed' | 'waiting' | 'passed';

/** The newest run of each change that the visitor may read. */
export interface RunsView {
  /** Newest first. */
  readonly runs: readonly RunSummary[];
  readonly repository: { readonly host: string; readonly id: string } | undefined;
  readonly group: RunGroup | undefined;
  readonly now: Date;
  readonly visitor?: ShownTo | undefined;
  /** Runs beyond these were not looked at. */
  readonly cut: boolean;
  /** Hosts that do not say at the moment what the visitor may read. */
  readonly away: readonly string[];
}

/** A run is in one of them at most, so that their counts never say more than there is. */
const groups: Readonly<Record<RunGroup, { readonly words: string; holds(run: RunSummary): boolean }>> = {
  running: {
    words: 'running',
    holds: ({ state, verdict }) => state === 'running' && verdict === undefined,
  },
  failed: { words: 'failed', holds: (run) => isJudged(run) && run.verdict === 'failed' },
  waiting: {
    words: 'waiting',
    holds: (run) => isJudged(run) && (run.verdict === 'undecided' || run.verdict === 'waiting'),
  },
  passed: { words: 'passed', holds: (run) => isJudged(run) && run.verdict === 'passed' },
};

function isJudged({ state }: RunSummary): boolean {
  return state === 'judged' || state === 'running';
}

/** Changes of one repository in the list of all. */
const shownOfEach = 10;
/** Seconds after which an open list is asked for again. */
const every = 15;

/** What runs, what failed and what waits, by repository; the one with the newest run first. */
export function renderRunsPage(view: RunsView): Html {
  const { runs, repository, visitor, cut, away } = view;
  const chosen =
    view.group === undefined ? runs : runs.filter((run) => groups[view.group ?? 'passed'].holds(run));
  const path = repository === undefined ? undefined : (runs[0]?.change.repository.path ?? 'Nothing to show');
  const body = [
    markup`<h1>${path ?? 'Changes'}</h1>\n`,
    away.length === 0 ? undefined : incomplete(away),
    runs.length > 0 ? filters(view) : undefined,
    runs.length === 0 && away.length === 0 ? nothingYet(repository !== undefined) : undefined,
    chosen.length === 0 && runs.length > 0 ? markup`<p>None at the moment.</p>\n` : undefined,
    ...byRepository(chosen).map((of) => repositorySection(of, view)),
    cut
      ? markup`<p class="quiet">Older runs are not listed here; the page of a change has its own.</p>\n`
      : undefined,
  ];
  const crumbs = path === undefined ? [] : [{ words: path }];
  return layout({ title: `${path ?? 'Changes'} · modelgate`, crumbs, visitor, live: { every }, body });
}

function filters({ runs, repository, group }: RunsView): Html {
  const link = (name: RunGroup | undefined, words: string): Html => {
    const query = new URLSearchParams({
      ...(repository === undefined ? {} : { repository: `${repository.host}/${repository.id}` }),
      ...(name === undefined ? {} : { show: name }),
    }).toString();
    const href = query === '' ? '/' : `/?${query}`;
    return name === group
      ? markup`<li><a href="${href}" aria-current="true">${words}</a></li>\n`
      : markup`<li><a href="${href}">${words}</a></li>\n`;
  };
  const names = Object.keys(groups).filter(isRunGroup);
  const links = names.map((name) =>
    link(name, `${runs.filter((run) => groups[name].holds(run)).length} ${groups[name].words}`),
  );
  return markup`<nav aria-label="Show"><ul class="filters">\n${link(undefined, plural(runs.length, 'change'))}${links}</ul></nav>\n`;
}

/** Whether the text names a group. */
export function isRunGroup(text: unknown): text is RunGroup {
  return typeof text === 'string' && Object.hasOwn(groups, text);
}

function byRepository(runs: readonly RunSummary[]): readonly (readonly RunSummary[])[] {
  const lists = new Map<string, RunSummary[]>();
  for (const run of runs) {
    const { host, id } = run.change.repository;
    const list = lists.get(`${host}/${id}`) ?? [];
    list.push(run);
    lists.set(`${host}/${id}`, list);
  }
  return [...lists.values()];
}

function repositorySection(runs: readonly RunSummary[], { repository, now }: RunsView): Html | undefined {
  const [newest] = runs;
  if (newest === undefined) return undefined;
  const of = newest.change.repository;
  const label = `Changes of ${of.path}`;
  if (repository !== undefined) return renderRunList(runs, { by: 'change', label, now });
  const href = repositoryAddress(of);
  const rest = runs.length - shownOfEach;
  return markup`<section>
<h2><a href="${href}">${of.path}</a> <span class="quiet">${of.host}</span></h2>
${renderRunList(runs.slice(0, shownOfEach), { by: 'change', label, now })}${
    rest > 0 ? markup`<p><a href="${href}">${plural(rest, 'more change')} of ${of.path}</a></p>\n` : undefined
  }</section>
`;
}

/** An empty list could be taken for the truth. */
function incomplete(away: readonly string[]): Html {
  const who = away.length === 1 ? `${away.join()} does` : `${away.join(', ')} do`;
  return markup`<p class="notice"><strong>This list is not complete.</strong> ${who} not say at the moment what you may read, so that repositories there are left out. This page asks again by itself.</p>\n`;
}

function nothingYet(filtered: boolean): Html {
  if (filtered)
    return markup`<p>There is no run of this repository, or you may not read it. <a href="/">All repositories</a></p>\n`;
  return markup`<p>There is no run yet that you may read. One begins when a merge or pull request is opened or pushed to.</p>
<h2>What to do first</h2>
<ol class="steps">
<li>Name the host and its repositories under <code>hosts</code> in <code>modelgate.yaml</code>, and the data remotes under <code>remotes</code>.</li>
<li>Add a webhook at the host: the address of this page with <code>/webhooks/</code> and the id of the host in your configuration.</li>
<li>Open a merge or pull request, or comment <code>/modelgate retest</code> below one that is open.</li>
</ol>
<p>Nothing happens? The log of <code>modelgate serve</code> has a line for each delivery that it takes in, and with <code>log.level: debug</code> for each that it ignores too; <a href="/readyz">/readyz</a> tells what is missing.</p>
`;
}

/** A page with nothing but a message. */
export function renderMessagePage(title: string, message: string): Html {
  return layout({ title: `${title} · modelgate`, body: markup`<h1>${title}</h1>\n<p>${message}</p>\n` });
}
