import type { Release, ReleaseLine } from '../../domain/release.ts';
import { shortSha } from '../../domain/repository.ts';
import { markup, type Html, type HtmlPart } from '../html.ts';
import { adviceOf } from '../release/advice.ts';
import { triggerWords } from '../release/trigger-words.ts';
import { codeSpans, oneLine } from '../text.ts';
import { lineAddress, releaseAddress, releasesAddress } from './addresses.ts';
import { facts, layout, section, timeOf, type ShownTo } from './layout.ts';
import { renderLog } from './log-lines.ts';
import { stateMark } from './mark.ts';
import { renderReleaseActions } from './release/actions.ts';
import { metricsSection, publishedSection, rolloutSection } from './release/model.ts';
import { phaseList } from './release/phase-list.ts';
import { releaseOutcome } from './release/release-words.ts';
import { trainingSection } from './release/training.ts';

/** What stands on a release's page beside the release. */
export interface ReleaseView {
  readonly line: ReleaseLine | undefined;
  /** The last lines of its log, as they are stored, and where they end. */
  readonly log: readonly string[];
  readonly cursor?: string | undefined;
  /** The run's page in Kubeflow. */
  readonly runUrl?: string | undefined;
  readonly mayAct?: boolean;
  readonly version?: string | undefined;
  readonly now: Date;
  readonly visitor?: ShownTo | undefined;
}

/** The page of a release: what came of it, what to do, and how it got there. */
export function renderReleasePage(release: Release, view: ReleaseView): Html {
  const { line, runUrl, now, cursor } = view;
  const { id, commit, repository, outcome } = release;
  const { tone, word } = releaseOutcome(release, line);
  const isOpen = outcome === undefined;
  const log = renderLog(view.log, { isOpen, cursor });
  // What it is compared with: afterwards the line remembers this release itself.
  const before = line?.released?.releaseId === id ? undefined : line?.released?.metrics;
  const body = [
    header(release),
    outcomeBox(release, view),
    markup`<div class="columns">\n<div class="report">\n`,
    section('Phases', phaseList(release, now)),
    isOpen ? log : undefined,
    trainingSection(release, runUrl),
    metricsSection(release, before),
    publishedSection(release),
    rolloutSection(release),
    markup`</div>\n<div class="aside">\n`,
    section('Facts', releaseFacts(release)),
    section('Timeline', timeline(release)),
    markup`</div>\n</div>\n`,
    isOpen ? undefined : log,
  ];
  return layout({
    title: `${word}: ${shortSha(commit)} to ${release.line.environment}`,
    refresh: tone === 'running' ? 5 : isOpen ? 60 : undefined,
    live: { events: `${releaseAddress(id)}/log`, version: view.version, every: 10 },
    crumbs: [
      { words: 'Releases', href: releasesAddress },
      { words: `${repository.path} to ${release.line.environment}`, href: lineAddress(release.line) },
      { words: shortSha(commit) },
    ],
    visitor: view.visitor,
    body,
  });
}

function header({ commit, branch, repository, line, attempt }: Release): Html {
  const again = attempt === 1 ? '' : ` · attempt ${attempt}`;
  return markup`<header>
<h1>Release of ${shortSha(commit)} to ${line.environment}</h1>
<p class="quiet">${repository.path}, branch ${branch}${again}</p>
</header>
`;
}

function outcomeBox(release: Release, { line, mayAct = false }: ReleaseView): Html {
  const { tone, word, sentence } = releaseOutcome(release, line);
  const advice = adviceOf(release, line).map((text) => markup`<p>${withCode(text)}</p>\n`);
  const held = release.outcome === undefined ? (release.hold ?? line?.hold) : undefined;
  const since =
    held === undefined ? undefined : markup`<p class="quiet">By ${held.actor} since ${timeOf(held.at)}</p>\n`;
  const actions = mayAct ? renderReleaseActions(release, line) : undefined;
  return markup`<section id="verdict" class="verdict ${tone}" aria-label="Outcome">
<p class="lead">${stateMark({ tone, word })} ${sentence}</p>
${advice}${since}${renderAgain(release, line)}${actions}</section>
`;
}

/** That there is another attempt at the commit. */
function renderAgain({ commit, attempt, outcome }: Release, line: ReleaseLine | undefined): Html | undefined {
  const again = [line?.active, line?.waiting].find(
    (other) => outcome !== undefined && other?.commit === commit && other.attempt > attempt,
  );
  if (again === undefined || line === undefined) return undefined;
  const is = again === line.active ? 'is under way' : 'waits for its turn';
  return markup`<p><strong>Attempt ${again.attempt} ${is}.</strong> <a href="${lineAddress(line.line)}">The line</a></p>\n`;
}

function withCode(text: string): HtmlPart {
  return codeSpans(oneLine(text)).map((span) =>
    span.isCode ? markup`<code>${span.text}</code>` : span.text,
  );
}

function releaseFacts(release: Release): Html {
  const { id, commit, since, trigger, began, plan, wakeAt, line } = release;
  return facts([
    ['release', markup`<code>${id}</code>`],
    ['commit', markup`<code>${commit}</code>`],
    ['released before', since === undefined ? undefined : markup`<code>${since}</code>`],
    ['because', trigger === undefined ? undefined : triggerWords[trigger]],
    ['began', timeOf(began)],
    ['environment', line.environment],
    ['pipeline', plan === undefined ? undefined : markup`<code>${plan.production.pipeline}</code>`],
    ['looked at again', release.outcome === undefined ? timeOf(wakeAt) : undefined],
  ]);
}

function timeline({ timeline: entries }: Release): Html | undefined {
  if (entries.length === 0) return undefined;
  const items = entries.map(({ at, text }) => markup`<li>${timeOf(at)} <span>${text}</span></li>\n`);
  return markup`<ol class="timeline">\n${items}</ol>\n`;
}
