import {
  lineKey,
  type Candidate,
  type LineId,
  type Release,
  type ReleaseLine,
} from '../../domain/release.ts';
import { shortSha } from '../../domain/repository.ts';
import { markup, type Html, type HtmlPart } from '../html.ts';
import { ageText } from '../reading.ts';
import { waitingLine } from '../release/line.ts';
import { lineAddress, releaseAddress, releasesAddress } from './addresses.ts';
import { layout, timeOf, type ShownTo } from './layout.ts';
import { stateMark } from './mark.ts';
import { releaseOutcome } from './release/release-words.ts';

/** What a visitor may read of releases. */
export interface ReleasesView {
  readonly lines: readonly ReleaseLine[];
  /** Newest first. */
  readonly releases: readonly Release[];
  /** The line that alone is shown. */
  readonly chosen: LineId | undefined;
  readonly now: Date;
  readonly visitor?: ShownTo | undefined;
  /** There are more, that were not looked at. */
  readonly cut: boolean;
  /** Hosts that do not say at the moment what the visitor may read. */
  readonly away: readonly string[];
}

/** Seconds after which an open list is asked for again. */
const every = 15;

/** What is released where: each line with what is under way, waits and is held; then the newest releases. */
export function renderReleasesPage(view: ReleasesView): Html {
  const { lines, releases, chosen, visitor, cut, away } = view;
  const [only] = chosen === undefined ? [] : lines;
  const name = only === undefined ? undefined : `${only.repository.path} to ${only.line.environment}`;
  const title = name === undefined ? 'Releases' : `Releases of ${name}`;
  const body = [
    markup`<h1>${title}</h1>\n`,
    away.length === 0 ? undefined : incomplete(away),
    chosen === undefined
      ? undefined
      : markup`<p class="quiet"><a href="${releasesAddress}">All releases</a></p>\n`,
    ...lines.map((line) => lineSection(line, view)),
    releases.length === 0
      ? nothingYet(lines.length > 0)
      : markup`<section>\n<h2>Newest releases</h2>\n${releaseList(releases, view)}</section>\n`,
    cut ? markup`<p class="quiet">Older releases are not listed here.</p>\n` : undefined,
  ];
  const crumbs = [
    { words: 'Releases', href: name === undefined ? undefined : releasesAddress },
    ...(name === undefined ? [] : [{ words: name }]),
  ];
  return layout({ title: `${title} · modelgate`, crumbs, visitor, live: { every }, body });
}

function lineSection(line: ReleaseLine, view: ReleasesView): Html {
  const { repository, released, active, waiting, hold } = line;
  const underWay = active === undefined ? undefined : releaseOf(line, active, view.releases);
  const rows: readonly (Html | undefined)[] = [
    hold === undefined
      ? undefined
      : row(stateMark({ tone: 'waiting', word: 'Held' }), [
          markup`${hold.reason} `,
          markup`<span class="quiet">by ${hold.actor} since ${timeOf(hold.at)}. ${hold.remedy}</span>`,
        ]),
    active === undefined ? undefined : row(activeMark(underWay, line), activeWords(active, underWay, line)),
    waiting === undefined
      ? undefined
      : row(stateMark({ tone: 'waiting', word: 'Waiting' }), [
          markup`<code>${shortSha(waiting.commit)}</code> ${waitingLine(line)?.replace(/^\w+: /, '')}`,
        ]),
    released === undefined
      ? undefined
      : row(stateMark({ tone: 'passed', word: 'In production' }), [
          markup`<a href="${releaseAddress(released.releaseId)}"><code>${shortSha(released.commit)}</code></a> since ${timeOf(released.at, ageText(new Date(released.at), view.now))}`,
        ]),
  ];
  const idle = rows.every((shown) => shown === undefined);
  return markup`<section>
<h2><a href="${lineAddress(line.line)}">${repository.path} to ${line.line.environment}</a> <span class="quiet">${line.line.host}, branch ${line.branch}</span></h2>
${idle ? markup`<p>Nothing is under way, and nothing was released yet.</p>\n` : markup`<ul class="standing">\n${rows}</ul>\n`}</section>
`;
}

function row(mark: Html, words: HtmlPart): Html {
  return markup`<li>${mark} <span>${words}</span></li>\n`;
}

function activeMark(release: Release | undefined, line: ReleaseLine): Html {
  if (release === undefined) return stateMark({ tone: 'running', word: 'Under way' });
  return stateMark(releaseOutcome(release, line));
}

function activeWords(active: Candidate, release: Release | undefined, line: ReleaseLine): HtmlPart {
  const sha = markup`<code>${shortSha(active.commit)}</code>`;
  if (release === undefined) return sha;
  const { sentence } = releaseOutcome(release, { ...line, hold: undefined });
  return markup`<a href="${releaseAddress(release.id)}">${sha}</a> ${sentence}`;
}

/** The record of what is under way, where it is among the newest. */
function releaseOf(
  { line }: ReleaseLine,
  { commit, attempt }: Candidate,
  releases: readonly Release[],
): Release | undefined {
  return releases.find(
    (release) =>
      release.commit === commit && release.attempt === attempt && lineKey(release.line) === lineKey(line),
  );
}

function releaseList(releases: readonly Release[], { lines, now, chosen }: ReleasesView): Html {
  const items = releases.map((release) => {
    const line = lines.find((other) => lineKey(other.line) === lineKey(release.line));
    const { tone, word, sentence } = releaseOutcome(release, line);
    const { id, commit, repository, attempt } = release;
    const of = chosen === undefined ? ` ${repository.path} to ${release.line.environment}` : '';
    const again = attempt === 1 ? '' : `, attempt ${attempt}`;
    return markup`<li>
<span class="what">${stateMark({ tone, word })}</span>
<span class="who"><a class="title" href="${releaseAddress(id)}"><code>${shortSha(commit)}</code>${of}</a>${again}</span>
<span class="found">${sentence}</span>
<span class="when">${timeOf(release.began, ageText(new Date(release.began), now))}</span>
</li>\n`;
  });
  return markup`<ol class="runs by-release" aria-label="Newest releases">\n${items}</ol>\n`;
}

function nothingYet(hasLines: boolean): Html {
  if (hasLines) return markup`<p>None of these releases is kept any more.</p>\n`;
  return markup`<p>There is no release yet that you may read. One begins when a change is merged into the branch that <code>production</code> of <code>.modelgate.yaml</code> names.</p>\n`;
}

/** An empty list could be taken for the truth. */
function incomplete(away: readonly string[]): Html {
  const who = away.length === 1 ? `${away.join()} does` : `${away.join(', ')} do`;
  return markup`<p class="notice"><strong>This list is not complete.</strong> ${who} not say at the moment what you may read, so that repositories there are left out. This page asks again by itself.</p>\n`;
}
